import type { Bilingual } from '../finding/finding.ts';
import type { Registry } from '../registry/registry.ts';
import { keyOf, type Scope, type ScopeIndex } from './scopes.ts';

/** A source as it was last heard. */
export interface HeardSource {
  source: string;
  /** ms since the Unix epoch; 0 for never. */
  lastSeenAt: number;
  problem: '' | 'silent' | 'lagging' | 'unparsed' | 'uneven';
}

export type TrustKind =
  'source-unheard' | 'source-silent' | 'source-lagging' | 'source-unparsed' | 'source-uneven' | 'no-source';

/** What the score can not be trusted about. */
export interface TrustTerm {
  kind: TrustKind;
  /** Id of the source; '' for `no-source`. */
  id: string;
  title: Bilingual;
  /** What is seen of it, 0–1, and the points of trust that this costs. */
  seen: number;
  lost: number;
  explanation: Bilingual;
  /** Where the API says more; '' for `no-source`. */
  href: string;
}

interface Judged {
  id: string;
  title: Bilingual;
  scopes: readonly string[];
  kind: Exclude<TrustKind, 'no-source'> | '';
}

/** How much of what happens is seen when a source is so. */
const SEEN = {
  ...{ '': 1, 'source-unheard': 0, 'source-silent': 0 },
  ...{ 'source-lagging': 0.5, 'source-unparsed': 0.5, 'source-uneven': 0.5 },
} as const;

const SAID: Readonly<Record<Exclude<TrustKind, 'no-source'>, Bilingual>> = {
  'source-unheard': { zh: '登记了，但从未收到它的日志', en: 'it is registered, and no log of it has ever come' },
  'source-silent': { zh: '超过静默时限没有日志', en: 'nothing has come for longer than its limit' },
  'source-lagging': { zh: '日志迟到 10 分钟以上', en: 'its logs come 10 minutes late or later' },
  'source-unparsed': { zh: '超过 5% 的日志无法解析', en: 'more than 5 % of its logs can not be read' },
  'source-uneven': {
    zh: '覆盖台账在最近 24 小时内不平：有事件未入库或未经判断',
    en: 'the coverage ledger does not balance within 24 hours: events of it are not stored or not judged',
  },
};
const NO_SOURCE: Omit<TrustTerm, 'lost'> = {
  kind: 'no-source',
  id: '',
  title: { zh: '没有日志源', en: 'No source' },
  seen: 0,
  explanation: {
    zh: '没有任何登记的日志源覆盖它：看不见的不等于没有',
    en: 'no registered source covers it: what is not seen may still happen',
  },
  href: '',
};

/**
 * How far the score can be trusted, 0–100: the share of the sources that are heard as they should be, each of the registry's
 * and each that was heard counting the same. A silent source lowers trust, not the score.
 */
export class Trust {
  readonly #judged: readonly Judged[];

  constructor(heard: readonly HeardSource[], registry: Registry, index: ScopeIndex, at: number) {
    const byId = new Map(heard.map((one) => [one.source, one]));
    const unregistered = heard.filter(({ source }) => registry.source(source) === undefined);
    this.#judged = [
      ...registry.sources().map(({ id, name, system, silenceLimitMs }) => ({
        id,
        title: name,
        scopes: index.ofSource(system),
        kind: kindOf(byId.get(id), silenceLimitMs, at),
      })),
      ...unregistered.map((one) => ({
        id: one.source,
        title: { zh: one.source, en: one.source },
        scopes: index.ofSource(''),
        kind: kindOf(one, 0, at),
      })),
    ];
  }

  /** Trust in each scope, by its key, to a tenth. */
  of(scopes: readonly Scope[]): Map<string, number> {
    const sums = new Map<string, { seen: number; all: number }>();
    for (const { scopes: keys, kind } of this.#judged)
      for (const key of keys) {
        const sum = sums.get(key) ?? { seen: 0, all: 0 };
        sum.seen += SEEN[kind];
        sum.all++;
        sums.set(key, sum);
      }
    return new Map(
      scopes.map((scope) => {
        const sum = sums.get(keyOf(scope));
        return [keyOf(scope), sum === undefined ? 0 : Math.round((1_000 * sum.seen) / sum.all) / 10];
      }),
    );
  }

  /** What lowers the trust in a scope, the heaviest first. */
  terms(scope: Scope): TrustTerm[] {
    const here = this.#judged.filter(({ scopes }) => scopes.includes(keyOf(scope)));
    if (here.length === 0) return [{ ...NO_SOURCE, lost: 100 }];
    return here
      .flatMap(({ id, title, kind }): TrustTerm[] => {
        if (kind === '') return [];
        const seen = SEEN[kind];
        const lost = Math.round((1_000 * (1 - seen)) / here.length) / 10;
        return [{ kind, id, title, seen, lost, explanation: SAID[kind], href: hrefOf(kind, id) }];
      })
      .sort((a, b) => b.lost - a.lost || (a.id < b.id ? -1 : 1));
  }
}

/** One that was never heard is known to the registry alone. */
function hrefOf(kind: TrustKind, id: string): string {
  return kind === 'source-unheard' ? `/api/v1/registry/sources/${encodeURIComponent(id)}` : '/api/v1/sources';
}

/** The registry's limit of silence wins over the few minutes after which the live page calls a source silent. */
export function kindOf(heard: HeardSource | undefined, silenceLimitMs: number, at: number): Judged['kind'] {
  if (heard === undefined || heard.lastSeenAt === 0) return 'source-unheard';
  const { problem, lastSeenAt } = heard;
  const isSilent = silenceLimitMs > 0 ? at - lastSeenAt > silenceLimitMs : problem === 'silent';
  if (isSilent) return 'source-silent';
  return problem === '' || problem === 'silent' ? '' : `source-${problem}`;
}
