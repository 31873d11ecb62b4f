import type { FeedFinding } from '../../../src/feed/protocol.ts';
import type { Severity } from '../../../src/finding/finding.ts';

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** What the list is narrowed to; lives in the page's address, so that it can be sent to a colleague. */
export interface Filters {
  /** Empty for all. */
  severities: readonly Severity[];
  /** '' for all. */
  detector: string;
  text: string;
  /** Id of the incident whose findings are shown; '' for all. */
  incident: string;
  /** Whether findings that nobody was to be told of are shown too. */
  suppressed: boolean;
}

export const NO_FILTERS: Filters = { severities: [], detector: '', text: '', incident: '', suppressed: false };

/** Reads `severity=critical,high&detector=…&q=…&incident=…&suppressed=shown`; what is not known counts as absent. */
export function filtersOf(parameters: URLSearchParams): Filters {
  const named = (parameters.get('severity') ?? '').split(',');
  return {
    severities: SEVERITIES.filter((severity) => named.includes(severity)),
    detector: parameters.get('detector') ?? '',
    text: parameters.get('q') ?? '',
    incident: parameters.get('incident') ?? '',
    suppressed: parameters.get('suppressed') === 'shown',
  };
}

/** The other way round, and `open`, the id of the opened finding; '' when nothing is filtered or open. */
export function queryOf({ severities, detector, text, incident, suppressed }: Filters, open = ''): string {
  const parameters = new URLSearchParams();
  if (severities.length > 0) parameters.set('severity', severities.join(','));
  if (detector !== '') parameters.set('detector', detector);
  if (text !== '') parameters.set('q', text);
  if (incident !== '') parameters.set('incident', incident);
  if (suppressed) parameters.set('suppressed', 'shown');
  if (open !== '') parameters.set('open', open);
  return parameters.toString().replaceAll('%2C', ',');
}

/** Whether anything is left out that is shown otherwise. */
export function isFiltered({ severities, detector, text, incident }: Filters): boolean {
  return severities.length > 0 || detector !== '' || text.trim() !== '' || incident !== '';
}

/** Whether a finding passes severity, detector and text. All words of the text must be found somewhere in it, in either language. */
export function passes(finding: FeedFinding, { severities, detector, text }: Filters): boolean {
  if (severities.length > 0 && !severities.includes(finding.severity)) return false;
  if (detector !== '' && finding.detector !== detector) return false;
  const words = text.trim().toLowerCase();
  if (words === '') return true;
  const { title, explanation, actor, asset, clientAddress, person, department, vendor, system, source, id } = finding;
  const content = [title.zh, title.en, explanation.zh, explanation.en, actor, asset, clientAddress, person]
    .concat(department, vendor, system, source, finding.detector, id)
    .join('\n')
    .toLowerCase();
  return words.split(/\s+/).every((word) => content.includes(word));
}
