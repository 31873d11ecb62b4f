import type { Event } from '../event.ts';
import { manageUser } from './outcome.ts';
import { leadingSql, withoutLiterals } from './sql-text.ts';

const MAX_SEARCHED = 4096;
const NAME = '("[^"]{1,63}"|[^\\s;,"()]{1,63})';
const TO = new RegExp(`\\s(?:TO|FROM)\\s{1,20}(?:GROUP\\s{1,20}|ROLE\\s{1,20})?${NAME}`, 'gi');
const ROLE = new RegExp(
  `^(CREATE|ALTER|DROP)\\s{1,20}(?:ROLE|USER|GROUP)\\s{1,20}(?!MAPPING\\b)(?:IF\\s{1,20}(?:NOT\\s{1,20})?EXISTS\\s{1,20})?${NAME}`,
  'i',
);
const ON = new RegExp(
  `\\sON\\s{1,20}(?:(TABLE|SCHEMA|DATABASE|SEQUENCE|FUNCTION)\\s{1,20})?("[^"]{1,63}"(?:\\."[^"]{1,63}")?|[^\\s;,("]{1,127})`,
  'i',
);

const ACTIONS = { CREATE: 'account-create', ALTER: 'account-change', DROP: 'account-delete' } as const;

/**
 * GRANT, REVOKE and CREATE, ALTER, DROP ROLE (or USER, GROUP): sets action and target (the role), `role` for a membership, and
 * asset for a relation. @returns whether the statement was one of them.
 */
export function readRoleStatement(statement: string, database: string, event: Event): boolean {
  const sql = leadingSql(withoutLiterals(statement.slice(0, MAX_SEARCHED)));
  const role = ROLE.exec(sql);
  if (role !== null) {
    manageUser(event, ACTIONS[role[1]!.toUpperCase() as keyof typeof ACTIONS], unquoted(role[2]!));
    return true;
  }
  const verb = /^(GRANT|REVOKE)\s/i.exec(sql)?.[1]?.toUpperCase();
  if (verb === undefined) return false;
  manageUser(event, verb === 'GRANT' ? 'grant' : 'revoke', unquoted([...sql.matchAll(TO)].at(-1)?.[1] ?? ''));
  const on = ON.exec(sql);
  if (on === null)
    event.role = unquoted(new RegExp(`^\\w+\\s{1,20}(?:ADMIN OPTION FOR\\s{1,20})?${NAME}`, 'i').exec(sql)?.[1] ?? '');
  else if (on[1] === undefined || /^table$/i.test(on[1])) setRelation(on[2]!.replaceAll('"', ''), database, event);
  return true;
}

function setRelation(name: string, database: string, event: Event): void {
  if (/^all$/i.test(name)) return;
  const qualified = name.includes('.') ? name : `public.${name}`;
  event.asset = database === '' ? qualified : `${database}.${qualified}`;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1) : name;
}
