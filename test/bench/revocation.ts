import { FullAccess, type Ending } from '../integration/full-access.ts';

/**
 * How long a session still works after it was ended at another `serve` program: `node test/bench/revocation.ts [rounds]`.
 * From the moment at which the administrator's request is sent, on one event log on this machine.
 */
const rounds = Number(process.argv[2] ?? 20);
const HOW: readonly Ending[] = ['lock', 'revoke', 'end-sessions'];

const full = await FullAccess.start();
const took = { rest: [] as number[], feed: [] as number[] };
for (let round = 0; round < rounds; round++) {
  const name = `operator-${round}`;
  const operator = await full.operator(name);
  await new Promise((resume) => setTimeout(resume, Math.random() * 1_000)); // at any moment between two looks
  const from = performance.now();
  const refused = operator.refused();
  await full.end(name, HOW[round % HOW.length]!);
  took.rest.push((await refused) - from);
  took.feed.push((await operator.closed).at - from);
}
await full.stop();

for (const [where, all] of Object.entries(took)) {
  const sorted = all.toSorted((a, b) => a - b).map(Math.round);
  const [median, most] = [sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
  console.log(`${where}: ${rounds} rounds, median ${median} ms, longest ${most} ms`);
}
process.exit(Math.max(...took.rest, ...took.feed) < 1_000 ? 0 : 1);
