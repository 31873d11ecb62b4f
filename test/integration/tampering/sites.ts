import type { Row, SealedStore, TableName } from './sealed-store.ts';

/** A row that can be tampered with, and where that has to be found. */
export interface Site {
  table: TableName;
  /** Index in the table's rows. */
  row: number;
  stream: string;
  seal: number;
  /** As differences name it. */
  place: string;
  /** Places of its block: from ≤ place < to. */
  block: { from: number; to: number };
}

interface Block {
  stream: string;
  seal: number;
  from: number;
  to: number;
}

const VERSIONS: Readonly<Record<string, string>> = { findings: 'revision', triage: 'act', incidents: 'revision', audit: 'phase' }; // prettier-ignore

/** Every row of every table with the seal that it is in; of seals those of nothing new, so that no block hangs on them. */
export function sitesOf(store: SealedStore): Site[] {
  const rowsOf = (table: TableName): readonly Row[] => store.rows.get(table)!;
  const blocks = rowsOf('sealed_blocks').map((row): Block => ({ stream: String(row['stream']), seal: Number(row['seal']), from: Number(row['from_place']), to: Number(row['to_place']) })); // prettier-ignore
  const blockAt = (stream: string, place: number): Block =>
    blocks.find((block) => block.stream === stream && block.from <= place && place < block.to)!;
  const sites: Site[] = [];
  const add = (table: TableName, row: number, stream: string, offset: number, place = String(offset)): void => {
    const block = blockAt(stream, offset);
    sites.push({ table, row, stream, seal: block.seal, place, block });
  };
  rowsOf('events').forEach(({ partition, offset, index }, n) => add('events', n, `events/${String(partition)}`, Number(offset), `${String(offset)}/${String(index)}`)); // prettier-ignore
  const places = new Map<string, number>();
  rowsOf('sealed_records').forEach(({ stream, place, record }, n) => {
    add('sealed_records', n, String(stream), Number(place));
    const said = JSON.parse(String(record)) as Row;
    places.set(nameOf(String(stream), said), Number(place));
  });
  for (const table of ['findings', 'triage', 'incidents', 'audit'] as const)
    rowsOf(table).forEach((row, n) => add(table, n, table, places.get(nameOf(table, row))!));
  rowsOf('sealed_blocks').forEach(({ stream, seal, records }, n) => {
    if (Number(records) > 0) sites.push({ table: 'sealed_blocks', row: n, stream: String(stream), seal: Number(seal), place: '', block: { from: 0, to: 0 } }); // prettier-ignore
  });
  const busy = new Set(blocks.map(({ seal }) => seal));
  rowsOf('seals').forEach(({ number }, n) => {
    if (!busy.has(Number(number)))
      sites.push({ table: 'seals', row: n, stream: '', seal: Number(number), place: '', block: { from: 0, to: 0 } });
  });
  return sites;
}

function nameOf(stream: string, fields: Row): string {
  return `${stream} ${String(fields['id'])} ${String(fields[VERSIONS[stream] ?? ''])}`;
}
