import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../src/errors.ts';

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sourcesBelow(path);
    return path.endsWith('.ts') && !path.endsWith('errors.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

describe('the table of errors', () => {
  const code = sourcesBelow('src').join('\n');

  it.each(Object.keys(ERRORS))('has %s because something raises it', (name) => {
    expect(code).toMatch(new RegExp(`'${name}'`));
  });

  it.each(Object.entries(ERRORS))('says for %s what to do', (_name, { remedy }) => {
    expect(remedy).toMatch(/^[A-Z].{10,}\.$/);
  });
});
