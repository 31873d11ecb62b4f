import { i18n, known } from '../i18n.ts';

/** What the server says of fields, and the texts of the page for it. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/ has no such id/, 'unknownId'],
  [/ is already taken by an earlier entry that holds/, 'overlap'],
  [/ is already taken by /, 'taken'],
  [/>=1 characters/, 'empty'],
  [/^expected one of /, 'choice'],
  [/^expected a date such as|^expected a date or from/, 'date'],
  [/^there is no such date/, 'noDate'],
  [/^no such time zone/, 'zone'],
  [/^expected hours such as/, 'hours'],
  [/^expected an address or range/, 'cidr'],
  [/^it must not lie before/, 'order'],
  [/^expected (number|int)|^Invalid input: expected (number|int)|^Too (small|big): expected (number|int)/, 'number'],
  [/expected array to have >=1 items/, 'noItems'],
  [/^expected string, received undefined|^expected .* received undefined/, 'empty'],
  [/^no column of .* is called so/, 'noColumn'],
  [/^no column is .*; the first row/, 'noKeyColumn'],
  [/^the file has no rows/, 'noRows'],
  [/ is no field of /, 'noField'],
];

/** The server's remedy for a field, in the current language; what the page has no text for stays as it is. */
export function faultText(remedy: string): string {
  const [, name] = SAID.find(([pattern]) => pattern.test(remedy)) ?? [];
  if (name === undefined) return remedy;
  const similar = /did you mean "?([^"?]+)/.exec(remedy)?.[1];
  const allowed = /^expected one of ([^;?]+)/.exec(remedy)?.[1];
  return [
    known('draftFault', name, remedy),
    allowed === undefined ? '' : i18n.global.t('draft.allowed', { values: allowed }),
    similar === undefined ? '' : i18n.global.t('draft.similar', { name: similar }),
  ]
    .filter((text) => text !== '')
    .join(' ');
}
