import { Document, LineCounter, parseDocument } from 'yaml';

export interface YamlText {
  document: Document;
  lines: LineCounter;
  /** Why it is no YAML, with where. */
  faults: readonly { line: number; column: number; message: string }[];
}

const TOO_DEEP = 'what is here is nested too deeply to be read; write it with fewer levels';

/** Dates stay text (YAML 1.2 core), so that a date means what it says; aliases are bounded by the parser's own limit. */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const { stackTraceLimit } = Error;
  try {
    // An error for each token that it does not expect, of which nobody reads where in the parser that was.
    Error.stackTraceLimit = 0;
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const faults = document.errors.map(({ code, pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { line, column: col, message: code === 'RESOURCE_EXHAUSTION' ? TOO_DEEP : message.split('\n')[0]! };
    });
    // Of each level that it does not come to the parser says so.
    return { document, lines, faults: faults.filter(({ message }, n) => message !== TOO_DEEP || n === 0) };
  } catch (error) {
    if (!isTooDeep(error)) throw error;
    // The parser goes into itself for each level.
    const line = Math.max(1, lines.lineStarts.length);
    return { document: new Document(), lines, faults: [{ line, column: 1, message: TOO_DEEP }] };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** What it says as plain values. @throws Error for an alias that names nothing, or too much: the parser tells that only now. */
export function yamlValues(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw isTooDeep(error) ? new Error(TOO_DEEP, { cause: error }) : error;
  }
}

function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError;
}
