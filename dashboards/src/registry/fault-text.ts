import { i18n, known } from '../i18n.ts';

/** What the server says of fields, and the texts of the page for it. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/ has no such id/, 'unknownId'],
  [/ is already taken by /, 'taken'],
  [/>=1 characters/, 'empty'],
  [/^expected one of /, 'choice'],
];

/** The server's remedy for a field, in the current language; what the page has no text for stays as it is. */
export function faultText(remedy: string): string {
  const [, name] = SAID.find(([pattern]) => pattern.test(remedy)) ?? [];
  if (name === undefined) return remedy;
  const similar = /did you mean "?([^"?]+)/.exec(remedy)?.[1];
  const text = known('draftFault', name, remedy);
  return similar === undefined ? text : `${text} ${i18n.global.t('draft.similar', { name: similar })}`;
}
