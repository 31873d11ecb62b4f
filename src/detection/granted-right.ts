import { attributeOf, type Event } from '../event/event.ts';

/** Where formats say which right was given: the attribute, then the text of the statement or line. */
const NAMED_IN = ['role', 'group', 'privilege', 'statement', 'command'] as const;

/** Rights over a system, its data or its records; as roles, groups, SQL and Chinese consoles call them. */
const POWERFUL =
  /\b(?:admin\w*|dba|root|sudo|wheel|superuser|super|sysadmin|sysdba|db_owner|audit(?:or|adm|_admin)?|security_?admin|all privileges|grant option)\b|管理员|超级|审计|安全员/i;

/**
 * The administrative right that an event gives (an administrator's, a DBA's, an auditor's), as the line calls it; '' when it
 * gives none, or an ordinary one.
 */
export function powerfulRight(event: Event): string {
  for (const name of NAMED_IN) {
    const said = attributeOf(event, name);
    const found = said === undefined ? null : POWERFUL.exec(said);
    if (found) return found[0];
  }
  return POWERFUL.exec(event.message)?.[0] ?? '';
}
