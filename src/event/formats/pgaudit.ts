import type { Event } from '../event.ts';
import { splitCsv } from './csv.ts';
import { state } from './format.ts';
import { CLASS, manageUser } from './outcome.ts';
import { wholeNumber } from './scan.ts';
import { readRoleStatement } from './role-statement.ts';
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
  const [type = '', statementId = '', substatementId = '', auditClass = '', command = '', objectType = ''] = fields;
  const objectName = (fields[6] ?? '').replaceAll('"', '');
  const statement = written(fields[7] ?? '');
  state(event, 'audit.type', type);
  state(event, 'audit.statementId', statementId);
  state(event, 'audit.substatementId', substatementId);
  state(event, 'audit.class', auditClass);
  state(event, 'audit.command', command);
  state(event, 'audit.objectType', objectType);
  state(event, 'statement', statement);
  state(event, 'parameters', written(fields[8] ?? ''));
  event.outcome = 'success';
  event.rows = wholeNumber((fields[9] ?? '').trim());
  setAction(auditClass, command, statement, database, event);
  setAsset(objectName, auditClass, statement, database, event);
  return '';
}

/** `<none>`, `<not logged>` and `<previously logged>` stand for what is not there. */
function written(field: string): string {
  return field === '<none>' || field === '<not logged>' || field === '<previously logged>' ? '' : field;
}

function setAction(auditClass: string, command: string, statement: string, database: string, event: Event): void {
  if (auditClass === 'ROLE' && setRoleAction(command, statement, database, event)) return;
  event.classUid = CLASS.datastore;
  const copiesOut = command === 'COPY' && auditClass === 'READ';
  const meaning = copiesOut ? verbMeaning('UNLOAD') : verbMeaning(command);
  event.action = meaning.action;
  event.activityId = meaning.activityId;
}

const ROLE_COMMANDS: ReadonlyMap<string, Parameters<typeof manageUser>[1]> = new Map([
  ['GRANT', 'grant'],
  ['GRANT ROLE', 'grant'],
  ['REVOKE', 'revoke'],
  ['REVOKE ROLE', 'revoke'],
  ['CREATE ROLE', 'account-create'],
  ['ALTER ROLE', 'account-change'],
  ['ALTER ROLE SET', 'account-change'],
  ['DROP ROLE', 'account-delete'],
]);

/** The command says what was done even where the statement was not logged; the statement says to whom. */
function setRoleAction(command: string, statement: string, database: string, event: Event): boolean {
  if (readRoleStatement(statement, database, event)) return true;
  const action = ROLE_COMMANDS.get(command);
  if (action !== undefined) manageUser(event, action, '');
  return action !== undefined;
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
