import type { KeyObject } from 'node:crypto';
import { leavesOf, linesOf, type StoredEventLeaves } from './event-blocks.ts';
import { inclusionPath, merkleRoot } from './merkle.ts';
import { publicPemOf, readSeal, type Note, type SignedSeal } from './seal.ts';

/** What a proof is made from (src/store/seal-queries.ts). */
export interface ProofStore extends Pick<StoredEventLeaves, 'leaves' | 'lines'> {
  placeOfEvent(id: string): Promise<{ partition: number; offset: number; index: number } | undefined>;
  blockAt(stream: string, place: number): Promise<{ seal: number; block: number } | undefined>;
  seals(from: number, to: number): Promise<readonly SignedSeal[]>;
  sealsWithNote(kind: 'key'): Promise<readonly SignedSeal[]>;
}

/** Whether an event is sealed; `differs` when what is stored is not what was sealed. */
export type EventSeal =
  | { state: 'unsealed' }
  | { state: 'differs'; seal: number; time: number }
  | { state: 'sealed'; seal: number; time: number; proof: Proof };

/** An inclusion proof (docs/evidence.md). It tells nothing of the record unless it has it. */
export interface Proof {
  wanglou: 'proof-1';
  id: string;
  /** Digest of the record, hexadecimal. */
  leaf: string;
  /** Its canonical fields. */
  record?: readonly string[];
  block: number;
  index: number;
  path: readonly string[];
  sealed: string;
  signature: string;
  publicKey: string;
  keyChanges: readonly Note[];
}

/** Proves an event of the store. @param withRecord puts the event, unmasked, into the proof. */
export async function sealOfEvent(
  store: ProofStore,
  key: KeyObject,
  id: string,
  withRecord = false,
): Promise<EventSeal> {
  const place = await store.placeOfEvent(id);
  const found = place && (await store.blockAt(`events/${place.partition}`, place.offset));
  if (place === undefined || found === undefined) return { state: 'unsealed' };
  const [signed] = await store.seals(found.seal, found.seal + 1);
  const seal = readSeal(signed!);
  const block = seal.blocks[found.block]!;
  const places = { partition: place.partition, from: block.from, to: block.to };
  const leaves = await leavesOf(store, seal.digest, places);
  const hashes = leaves.map(({ hash }) => hash);
  const index = leaves.findIndex((leaf) => leaf.place === `${place.offset}/${place.index}`);
  const said = { seal: seal.number, time: seal.time };
  if (index < 0 || merkleRoot(seal.digest, hashes).toString('hex') !== block.root) return { state: 'differs', ...said };
  const record = withRecord ? linesOf(await store.lines(places))[index] : undefined;
  const changes = (await store.sealsWithNote('key')).flatMap((one) => readSeal(one).notes);
  const proof: Proof = {
    ...{ wanglou: 'proof-1', id, leaf: hashes[index]!.toString('hex'), ...(record && { record }) },
    ...{ block: found.block, index, ...signed! },
    path: inclusionPath(seal.digest, hashes, index).map((one) => one.toString('hex')),
    publicKey: publicPemOf(key),
    keyChanges: changes.filter(({ kind }) => kind === 'key'),
  };
  return { state: 'sealed', ...said, proof };
}
