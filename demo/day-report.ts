import type { Event } from '../src/event/event.ts';
import type { Finding } from '../src/finding/finding.ts';
import { LOOK_ALIKE } from './activity/look-alikes.ts';
import { isoTime } from './calendar.ts';
import { isAbout } from './incidents/about.ts';
import type { Label } from './incidents.ts';
import type { Line } from './line.ts';
import { pause } from './sending/channel.ts';

/** The platform's REST API. */
export interface Api {
  url: string;
  token: string;
}

const PAGE = 500;
/** Findings are in the store this long after their line at the latest, ms. */
const SETTLED_MS = 5_000;

/** Compares what was done on a simulated day with what the running platform found, as a user of its API sees it. */
export class DayReport {
  readonly #labels: readonly Label[];
  readonly #api: Api;
  /** Texts of the lines that belong to an incident or look like one. */
  readonly #incidentOf = new Map<string, string>();
  #from = Infinity;

  constructor(labels: readonly Label[], api: Api) {
    this.#labels = labels;
    this.#api = api;
  }

  saw({ atMs, line, incident }: Line): void {
    this.#from = Math.min(this.#from, atMs);
    if (incident !== '') this.#incidentOf.set(line, incident);
  }

  /** What was found, what was missed, and every finding about nothing that was done, with its reason. */
  async text(signal: AbortSignal): Promise<string> {
    await pause(SETTLED_MS, signal);
    const findings = (await this.#findings()).filter(({ lastTime }) => lastTime >= this.#from);
    const expected = this.#labels.filter((label) => label.expected);
    const missed = expected.filter((label) => !findings.some((finding) => isAbout(finding, label)));
    const others = findings.filter((finding) => !this.#labels.some((label) => isAbout(finding, label)));
    const reasons = await Promise.all(others.map((finding) => this.#reason(finding)));
    const wrong = others.flatMap((finding, n) => (reasons[n] === '' ? [] : [`${oneLine(finding)} — ${reasons[n]!}`]));
    return [
      `  demo: the day is over: ${expected.length - missed.length} of ${expected.length} labelled incidents were found, ` +
        `by ${findings.length - others.length} of ${findings.length} findings; ${others.length - wrong.length} more are other sides of them`,
      ...missed.map((label) => `    missed  ${label.detector}: ${label.why.zh} | ${label.why.en}`),
      ...wrong.map((line) => `    false   ${line}`),
    ].join('\n');
  }

  async #findings(): Promise<Finding[]> {
    const all: Finding[] = [];
    for (let cursor = ''; ;) {
      const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await this.#get(`findings?limit=${PAGE}${query}`)) as { findings: Finding[]; next: string };
      all.push(...page.findings);
      if (page.next === '' || page.findings.at(-1)!.lastTime < this.#from) return all;
      cursor = page.next;
    }
  }

  /** '' for a finding about lines of a labelled incident, else what the lines behind it were. */
  async #reason(finding: Finding): Promise<string> {
    const { events } = (await this.#get(`findings/${finding.id}`)) as { events: Event[] };
    const causes = events.map(({ raw }) => this.#incidentOf.get(raw) ?? this.#wrapped(raw));
    if (causes.some((incident) => incident !== '' && !incident.startsWith(LOOK_ALIKE))) return '';
    const lookAlike = causes.find((incident) => incident !== '');
    return lookAlike === undefined ? 'ordinary life' : `only looks like one: ${lookAlike.slice(LOOK_ALIKE.length)}`;
  }

  /** A followed file's line that came in an envelope. */
  #wrapped(raw: string): string {
    for (const [line, incident] of this.#incidentOf) if (raw.endsWith(line)) return incident;
    return '';
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#api.url}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${this.#api.token}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

function oneLine({ detector, lastTime, explanation }: Finding): string {
  return `${isoTime(lastTime).slice(11, 16)} ${detector}: ${explanation.zh} | ${explanation.en}`;
}
