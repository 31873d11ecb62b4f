/** Whose page it is. */
export type SubjectKind = 'actor' | 'asset' | 'vendor' | 'department';
export interface Subject {
  kind: SubjectKind;
  id: string;
}

const KINDS: readonly SubjectKind[] = ['actor', 'asset', 'vendor', 'department'];
/** The server answers about no longer names. */
const MAX_ID = 200;

/** `#/asset/aid.families`; '' for a name that no page is about. */
export function addressOf(kind: SubjectKind, id: string): string {
  return id === '' || id.length > MAX_ID ? '' : `#/${kind}/${encodeURIComponent(id)}`;
}

/** The page of a finding. */
export function addressOfFinding(id: string): string {
  return `#/finding/${id}`;
}

/** The finding of such an address; '' for any other. */
export function findingIn(hash: string): string {
  return decoded(/^#\/finding\/(.+)$/s.exec(hash)?.[1] ?? '');
}

/** The subject of such an address; undefined for any other. */
export function subjectIn(hash: string): Subject | undefined {
  const [, name, rest = ''] = /^#\/([a-z]+)\/(.+)$/s.exec(hash) ?? [];
  const kind = KINDS.find((one) => one === name);
  return kind && { kind, id: decoded(rest) };
}

/** An address may be cut or typed by hand. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
