/** The text of one line: a record as JSON, in which no half of a surrogate pair stands alone. */
export function jsonLine(record: unknown): string {
  const line = JSON.stringify(record);
  // Well-formed JSON escapes only what is half a pair.
  if (!/\\ud[89a-f]/.test(line)) return line;
  return JSON.stringify(record, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}

/** @param lines some thousand at a time, without ends */
export async function* ndjson(lines: AsyncIterable<readonly string[]>): AsyncGenerator<Buffer> {
  for await (const batch of lines) if (batch.length > 0) yield Buffer.from(`${batch.join('\n')}\n`);
}
