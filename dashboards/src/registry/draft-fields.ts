/** Kinds of names that events carry and the registry does not know, as the server tells them. */
export interface UnresolvedName {
  kind: 'system' | 'account' | 'asset';
  name: string;
  count: number;
}

/** A field of a draft: free text, a list with commas, one of fixed values, yes or no, or the name of another entry. */
export interface DraftField {
  name: string;
  type: 'text' | 'list' | 'choice' | 'yes' | 'reference';
  choices?: readonly string[];
  /** List of the registry that a reference points into. */
  to?: 'departments' | 'systems' | 'vendors' | 'persons';
  /** Prefilled with the unresolved name. */
  isName?: true;
}

export type DraftValues = Record<string, string | boolean>;

const LEVELS = ['general-1', 'general-2', 'general-3', 'general-4', 'important', 'core'] as const;
const reference = (name: string, to: NonNullable<DraftField['to']>): DraftField => ({ name, type: 'reference', to });
const choice = (name: string, choices: readonly string[]): DraftField => ({ name, type: 'choice', choices });
const named = (name: string, type: 'text' | 'list' = 'text'): DraftField => ({ name, type, isName: true });

/** What an entry of each kind is asked for; the server knows more fields, with defaults. */
export const DRAFT_FIELDS: Readonly<Record<UnresolvedName['kind'], readonly DraftField[]>> = {
  asset: [
    named('id'),
    named('name'),
    named('names', 'list'),
    choice('level', LEVELS),
    choice('personalInformation', ['none', 'personal', 'sensitive']),
    choice('sharing', ['conditional', 'unconditional', 'not-shared']),
    reference('system', 'systems'),
    reference('owner', 'departments'),
  ],
  account: [
    named('id'),
    named('login'),
    { name: 'personName', type: 'text' },
    reference('person', 'persons'),
    reference('department', 'departments'),
    reference('vendor', 'vendors'),
    { name: 'role', type: 'text' },
    { name: 'privileged', type: 'yes' },
  ],
  system: [
    named('id'),
    named('name'),
    named('hosts', 'list'),
    choice('plane', ['business', 'operations']),
    reference('department', 'departments'),
    reference('builtBy', 'vendors'),
    reference('runBy', 'vendors'),
  ],
};

/** The draft as the form begins with it. */
export function draftFor({ kind, name }: UnresolvedName): DraftValues {
  return Object.fromEntries(
    DRAFT_FIELDS[kind].map((field): [string, string | boolean] => {
      if (field.type === 'yes') return [field.name, false];
      return [field.name, field.isName ? name : (field.choices?.[0] ?? '')];
    }),
  );
}

/** The fields as the server takes them. What was left empty is left to the server, but for what names the entry. */
export function fieldsOf(kind: UnresolvedName['kind'], values: DraftValues): Record<string, unknown> {
  const filled = DRAFT_FIELDS[kind].filter(({ name, isName }) => isName || (values[name] ?? '') !== '');
  return Object.fromEntries(
    filled.map(({ name, type }): [string, unknown] => {
      const value = values[name] ?? '';
      if (typeof value === 'boolean') return [name, value];
      return [name, type === 'list' ? listOf(value) : value.trim()];
    }),
  );
}

function listOf(text: string): string[] {
  return text
    .split(/[,，\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
