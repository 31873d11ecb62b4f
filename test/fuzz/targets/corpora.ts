import { readdirSync, readFileSync } from 'node:fs';

const FORMAT_TESTS = new URL('../../event/formats/', import.meta.url);
const FORMATS_README = new URL('../../../src/event/formats/README.md', import.meta.url);
const EXAMPLE_REGISTRY = new URL('../../../src/registry/example/', import.meta.url);

/** Texts in the tests' sources that are long enough to be lines of a log. */
const LITERAL = /'((?:[^'\\\n]|\\.){30,})'|`((?:[^`\\$]|\\.){30,})`/g;

/** The log lines that the formats' own tests read, of every format. */
export function logLines(): Buffer[] {
  const files = readdirSync(FORMAT_TESTS).filter((name) => name.endsWith('.test.ts'));
  const texts = files.flatMap((name) =>
    [...readFileSync(new URL(name, FORMAT_TESTS), 'utf8').matchAll(LITERAL)].map((found) => found[1] ?? found[2]!),
  );
  const lines = texts
    .filter((text) => /\d/.test(text))
    .map((text) =>
      text
        .replace(/\\(['"`\\])/g, '$1')
        .replaceAll('\\n', '\n')
        .replaceAll('\\t', '\t'),
    );
  return [...new Set([...lines, ...ownJson()])].map((text) => Buffer.from(text));
}

/** An example of each kind of our own JSON. */
export function ownJson(): string[] {
  const text = readFileSync(FORMATS_README, 'utf8');
  return [...text.matchAll(/```json\n(.*?)\n```/gs)].map((found) => found[1]!);
}

/** The example registry's files by the name of their list. */
export function registryFiles(): Map<string, string> {
  const files = readdirSync(EXAMPLE_REGISTRY).filter((name) => name.endsWith('.yaml'));
  return new Map(
    files.map((name) => [name.slice(0, -'.yaml'.length), readFileSync(new URL(name, EXAMPLE_REGISTRY), 'utf8')]),
  );
}
