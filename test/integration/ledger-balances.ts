import { added, balance, isBalanced, type CoverageLine } from '../../src/coverage/balance.ts';
import { OWN_SOURCE } from '../../src/event/own-source.ts';
import { storeClient } from '../../src/store/client.ts';
import { CoverageQueries } from '../../src/store/coverage-queries.ts';
import type { Of } from './shown.ts';
import { eventually } from './wanglou.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WITHIN_MS = 60_000;

/**
 * Resolves when the coverage ledger balances: what came to the doors, what the log has, what the store has and what was
 * judged agree for every source and minute, down to the last event. Until the last statements are in they do not; after
 * `withinMs` the lines that differ are in the error.
 * @param appended how many the log must have at least, where the test knows.
 * @returns the sums of all lines, and those of each source that sent anything (the platform's own audit trail is none).
 */
export async function ledgerBalances(
  of: Of,
  { appended = 1, withinMs = WITHIN_MS } = {},
): Promise<{ sum: CoverageLine; sources: Map<string, CoverageLine> }> {
  const address = { url: `http://127.0.0.1:${of.ports.store}`, user: 'default', password: of.token('store') };
  const client = storeClient({ ...address, database: 'wanglou' });
  const queries = new CoverageQueries(client);
  try {
    const { lines } = await eventually(
      async () => {
        const now = Date.now();
        const [from, to] = [Math.floor((now - DAY_MS) / MINUTE_MS) * MINUTE_MS, now + MINUTE_MS];
        const [doors, reads, stored, epochs] = await Promise.all([
          queries.doors(from, to),
          queries.reads(from, to),
          queries.stored(from, to),
          queries.epochs(from, to),
        ]);
        const lines = balance({ doors, reads, stored, epochs }, now);
        return { differing: lines.filter((line) => !isBalanced(line)), appended: added(lines)?.appended ?? 0, lines };
      },
      (found) => found.differing.length === 0 && found.appended >= appended,
      withinMs,
    );
    const sent = lines.filter(({ source }) => source !== OWN_SOURCE);
    const bySource = Map.groupBy(sent, ({ source }) => source);
    return { sum: added(sent)!, sources: new Map([...bySource].map(([source, own]) => [source, added(own)!])) };
  } finally {
    await client.close();
  }
}
