import { hashOf } from '../address.ts';

/** Whose page it is. */
export type SubjectKind = 'actor' | 'asset' | 'vendor' | 'department';
export interface Subject {
  kind: SubjectKind;
  id: string;
}

export const SUBJECT_KINDS: readonly SubjectKind[] = ['actor', 'asset', 'vendor', 'department'];
/** The server answers about no longer names. */
const MAX_ID = 200;

/** `#/asset/aid.families`; '' for a name that no page is about. */
export function addressOf(kind: SubjectKind, id: string): string {
  return id === '' || id.length > MAX_ID ? '' : hashOf(kind, id);
}

/** The page of a finding. */
export function addressOfFinding(id: string): string {
  return hashOf('finding', id);
}
