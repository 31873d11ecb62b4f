import type { Event } from '../event.ts';
import { splitCsv } from './csv.ts';
import { state } from './format.ts';
import { CLASS, manageUser } from './outcome.ts';
import { wholeNumber } from './scan.ts';
import { firstTable, verbMeaning } from './statement.ts';

/**
 * Reads what stands behind `AUDIT: `: type, statement id, substatement id, class, command, object type, object name,
 * statement, parameter and, with pgaudit.log_rows, rows. Sets action, asset (`database.schema.table`; from the statement when
 * pgaudit names no relation, attribute assetFrom = statement), rows, target of a role change, attributes audit.*, statement.
 * @returns '' or the fault.
 */
export function readPgaudit(text: string, database: string, event: Event): string {
  const fields = splitCsv(text, 12);
  if (fields.length < 9) return `pgaudit wrote ${fields.length} fields where 9 were expected`;
  const [type = '', , , auditClass = '', command = '', objectType = '', objectName = '', statement = ''] = fields;
  state(event, 'audit.type', type);
  state(event, 'audit.class', auditClass);
  state(event, 'audit.command', command);
  state(event, 'audit.objectType', objectType);
  state(event, 'statement', statement);
  event.outcome = 'success';
  event.rows = wholeNumber((fields[9] ?? '').trim());
  setAction(auditClass, command, statement, event);
  setAsset(objectName, auditClass, statement, database, event);
  return '';
}

function setAction(auditClass: string, command: string, statement: string, event: Event): void {
  if (auditClass === 'ROLE' && setRoleAction(command, statement, event)) return;
  event.classUid = CLASS.datastore;
  const copiesOut = command === 'COPY' && auditClass === 'READ';
  const meaning = copiesOut ? verbMeaning('UNLOAD') : verbMeaning(command);
  event.action = meaning.action;
  event.activityId = meaning.activityId;
}

/** GRANT, REVOKE and CREATE/ALTER/DROP ROLE; the target is the role. */
function setRoleAction(command: string, statement: string, event: Event): boolean {
  const verb = command.split(' ', 1)[0]!;
  if (verb === 'GRANT') manageUser(event, 'grant', lastName(statement, / to /i));
  else if (verb === 'REVOKE') manageUser(event, 'revoke', lastName(statement, / from /i));
  else if (verb === 'CREATE') manageUser(event, 'account-create', roleName(statement));
  else if (verb === 'ALTER') manageUser(event, 'account-change', roleName(statement));
  else if (verb === 'DROP') manageUser(event, 'account-delete', roleName(statement));
  else return false;
  return true;
}

function lastName(statement: string, before: RegExp): string {
  const at = statement.slice(0, 4096).split(before).at(-1) ?? '';
  return unquoted(/^\s*("[^"]*"|[^\s;,]+)/.exec(at)?.[1] ?? '');
}

function roleName(statement: string): string {
  const parts = /^\s*\w+\s+(?:ROLE|USER|GROUP)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?("[^"]*"|[^\s;]+)/i.exec(statement);
  return unquoted(parts?.[1] ?? '');
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1) : name;
}

function setAsset(objectName: string, auditClass: string, statement: string, database: string, event: Event): void {
  if (objectName !== '') {
    event.asset = database === '' ? objectName : `${database}.${objectName}`;
    return;
  }
  if (auditClass !== 'READ' && auditClass !== 'WRITE') return;
  const table = firstTable(statement);
  if (table === '') return;
  event.asset = database === '' ? table : `${database}.${table}`;
  state(event, 'assetFrom', 'statement');
}
