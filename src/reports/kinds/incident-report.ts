import { WanglouError } from '../../errors.ts';
import type { Made, Making } from '../making.ts';

/** An incident as it was at the end of the span: its clock, its evidence and what was decided. */
export async function incidentReport({ wish, sight, step }: Making): Promise<Made> {
  step(0, 1);
  const incident = await sight.incidents.file(wish.subject.id);
  if (incident.incident.firstTime >= wish.to)
    throw new WanglouError('WL_QUERY_INVALID', `to is before the incident ${wish.subject.id} began`, {
      remedy: 'Name an end after its beginning.',
    });
  return { subject: incident.incident.title, sections: [], incident };
}
