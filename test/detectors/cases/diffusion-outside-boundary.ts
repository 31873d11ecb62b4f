import { diffusionOutsideBoundary } from '../../../detectors/diffusion-outside-boundary.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { grant, sharingTown } from '../granted.ts';
import { access } from '../town.ts';

const town = { registry: (more = {}) => sharingTown([grant()], more) };
const share = (iso: string, recipient: string, fields = {}) =>
  access(iso, { action: 'share', recipient, rows: 50, ...fields });
/** General data for so many partners outside, one a day. */
const partners = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    share(`2026-06-${10 + n}T10:00`, `partner-${n}`, { asset: 'minor', assetLevel: 'general-2' }),
  );

export const diffusionOutsideBoundaryCases = contract(diffusionOutsideBoundary, {
  fires: fires(() => [share('2026-06-10T10:00', 'transport'), share('2026-06-10T10:05', 'transport')], town),
  quiet: quiet(() => ['culture', 'museum', 'civil'].map((to) => share('2026-06-10T10:00', to)), town),
  ...around({ limit: 3, events: partners, ...town }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
