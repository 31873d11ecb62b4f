import { randomBytes } from 'node:crypto';
import { Masker } from './access/masking/masker.ts';
import type { Kind } from './access/masking/kinds.ts';
import { readSubjectKey } from './access/subject-key.ts';
import { DataSubjects } from './event/data-subjects.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';

/** Tags of an asset's field in the registry that say that it is about a person. */
const PERSONAL = /^(?:personal|sensitive|pii|个人信息|敏感个人信息|个人敏感信息|敏感)$/i;

/**
 * Masks what leaves, under the key by which the door of the event log hashes identifiers: the pseudonym of an ID card or mobile
 * number is the beginning of its hash.
 * @throws WanglouError WL_FILE_UNREADABLE
 */
export async function readMasker(dataDir: string, registry?: RecordedRegistry): Promise<Masker> {
  const hashOf = await readHash(dataDir);
  if (registry === undefined) return new Masker({ hashOf });
  return new Masker({ hashOf, tagged: taggedIn(registry), tagsVersion: () => registry.current().version });
}

/** The same in a process that has no registry. @param tagged what `taggedFields` says of it */
export async function readMaskerOf(dataDir: string, tagged: readonly string[]): Promise<Masker> {
  return new Masker({ hashOf: await readHash(dataDir), tagged: taggedAs(new Set(tagged)) });
}

async function readHash(dataDir: string): Promise<(plain: string) => string> {
  const subjects = new DataSubjects(await readSubjectKey(dataDir));
  return (plain) => subjects.hashOf(plain).slice('ds_'.length);
}

/** For the log of a program: pseudonyms of this start only, for it must not wait for a key. */
export function logMasker(): (line: string) => string {
  const subjects = new DataSubjects(randomBytes(32).toString('hex'));
  const masker = new Masker({ hashOf: (plain) => subjects.hashOf(plain).slice('ds_'.length) });
  return (line) => masker.text(line);
}

/** Looks the tags up again when the registry has changed. */
function taggedIn(registry: RecordedRegistry): (field: string) => Kind | undefined {
  let version = '';
  let tagged: ReadonlySet<string> = new Set();
  return (field) => {
    const now = registry.current().version;
    if (now !== version) [version, tagged] = [now, taggedFields(registry)];
    return taggedAs(tagged)(field);
  };
}

function taggedAs(tagged: ReadonlySet<string>): (field: string) => Kind | undefined {
  return (field) =>
    tagged.size > 0 && tagged.has(field.slice(field.lastIndexOf('.') + 1).toLowerCase()) ? 'personal' : undefined;
}

/** Names of fields, in small letters, that the registry says are about persons. */
export function taggedFields(registry: RecordedRegistry): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { entries } of registry.history.all('assets'))
    for (const { fields } of entries as { fields?: unknown }[])
      for (const field of Array.isArray(fields) ? (fields as unknown[]) : []) {
        const { name, tags } = (typeof field === 'object' ? field : {}) as { name?: unknown; tags?: unknown };
        const isPersonal = Array.isArray(tags) && tags.some((tag) => PERSONAL.test(String(tag)));
        if (isPersonal && typeof name === 'string') names.add(name.toLowerCase());
      }
  return names;
}
