import { linesOf, textOf } from './lines.ts';
import type { Problems } from './problem.ts';
import { readSeal, readSigned, type Seal } from './seal.ts';
import { isInPlace, sealOf, type TrustedKeys } from './trusted-keys.ts';

export interface SealsFound {
  /** By number, the digest of each that counts. */
  hashes: Map<number, string>;
  first: number;
  last: number;
  chain: string;
  access: Set<string>;
}

/**
 * Reads a file of seals: that each is signed, continues the one before it, and covers its streams without a gap.
 * @param onSeal called with each that is signed, in order.
 */
export function checkSeals(
  path: string,
  keys: TrustedKeys,
  problems: Problems,
  onSeal: (seal: Seal) => void,
): SealsFound {
  const found: SealsFound = { hashes: new Map(), first: 0, last: 0, chain: '', access: new Set() };
  const changed = new Set<number>();
  let before: Seal | undefined;
  let line = 0;
  for (const one of linesOf(path)) {
    line++;
    const signed = readSigned(textOf(one), 'sealed');
    const seal = signed && readSeal(signed.text);
    if (!signed || !seal) {
      problems.add({ kind: 'seal-changed', detail: `line ${line}`, ...(before && { seal: before.number + 1 }) });
      continue;
    }
    const said = { seal: seal.number, times: [seal.time, seal.time] as [number, number] };
    const misplaced = seal.keyChanges.some((change) => !isInPlace(change, seal.number));
    const forged = keys.learn(seal.keyChanges).length > 0;
    if (misplaced || forged) problems.add({ kind: 'key-forged', ...said });
    if (!keys.has(seal.key)) {
      problems.add({ kind: 'seal-forged', ...said, detail: seal.key });
      continue;
    }
    if (!keys.signed(seal, signed.text, signed.signature)) {
      problems.add({ kind: 'seal-changed', ...said });
      continue;
    }
    if (before && seal.number <= before.number) {
      problems.add({ kind: 'seal-inserted', ...said });
      continue;
    }
    if (before) compare(before, seal, problems);
    if (seal.keyChanges.length > 0) changed.add(seal.number);
    found.hashes.set(seal.number, seal.hash);
    found.first ||= seal.number;
    found.last = seal.number;
    found.chain ||= seal.chain;
    found.access.add(seal.access);
    onSeal(seal);
    before = seal;
  }
  for (const change of keys.changes) {
    const seal = sealOf(change);
    const isMissing = found.hashes.has(seal) && !changed.has(seal);
    if (isMissing) problems.add({ kind: 'key-forged', seal, detail: `${change.old} – ${change.fresh}` });
  }
  for (const { seal, old, fresh, anew } of keys.endings)
    if (found.last > seal) problems.add({ kind: 'key-anew', seal: seal + 1, detail: `${old} – ${fresh}: ${anew}` });
  return found;
}

function compare(before: Seal, seal: Seal, problems: Problems): void {
  const said = { seal: seal.number, times: [before.time, seal.time] as [number, number] };
  if (seal.number > before.number + 1)
    problems.add({ kind: 'seal-removed', ...said, detail: `${before.number + 1}–${seal.number - 1}` });
  else if (seal.previous !== before.hash || seal.chain !== before.chain)
    problems.add({ kind: 'seal-unlinked', ...said });
  else for (const stream of skipped(before, seal)) problems.add({ kind: 'places-skipped', ...said, stream });
}

/** Streams whose blocks do not follow what was sealed before. */
function skipped(before: Seal, seal: Seal): Set<string> {
  const at = new Map([...before.ends].map(([stream, { to }]) => [stream, to]));
  const found = new Set<string>();
  for (const { stream, from, to } of seal.blocks) {
    const end = at.get(stream) ?? 0;
    const isSaid = seal.gaps.some((gap) => gap.stream === stream && gap.from === end && gap.to === from);
    if (from !== end && !isSaid) found.add(stream);
    at.set(stream, to);
  }
  for (const [stream, { to }] of seal.ends) if ((at.get(stream) ?? 0) !== to) found.add(stream);
  return found;
}
