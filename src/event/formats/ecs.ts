import type { Event } from '../event.ts';
import { flatten, valueIn, type Flat } from './flatten.ts';
import { state } from './format.ts';
import type { JsonShape } from './json.ts';
import { readNamedValues } from './named-values.ts';
import { CLASS, manageUser, signIn, signOut } from './outcome.ts';
import { readWindows } from './windows.ts';

/**
 * Elastic Common Schema, nested or with dotted names: Beats, Elastic Agent, applications. Authentication, IAM, database and web
 * categories set action and outcome; Windows security events (Winlogbeat) are read by their event id. A record that says
 * nothing but `message` goes on to the format of that text.
 */
export const ecs: JsonShape = {
  name: 'ecs',

  fits(record) {
    if (record['@timestamp'] !== undefined) return true;
    return record['ecs'] !== undefined || record['ecs.version'] !== undefined || record['event.action'] !== undefined;
  },

  read(record, event, context) {
    const flat = flatten(record);
    const fault = readNamedValues(flat, event, context);
    if (valueIn(flat, 'winlog.event_id') !== '' || valueIn(flat, 'winlog.channel') !== '') readWindows(flat, event);
    else readCategory(flat, event);
    return fault;
  },
};

function readCategory(flat: Flat, event: Event): void {
  const categories = valueIn(flat, 'event.category').split(', ');
  const types = valueIn(flat, 'event.type').split(', ');
  const { outcome } = event;
  if (categories.includes('authentication')) readAuthentication(types, event);
  else if (categories.includes('iam')) readAccountChange(types, flat, event);
  else if (categories.includes('database') && event.classUid === 0) {
    event.classUid = CLASS.datastore;
    event.activityId = 4;
    event.action ||= 'query';
  } else if (categories.includes('process') && types.includes('start')) {
    event.classUid = CLASS.process;
    event.activityId = 1;
    event.action = 'command';
    state(event, 'command', valueIn(flat, 'process.command_line'));
  }
  if (outcome !== '') event.outcome = outcome;
}

function readAuthentication(types: readonly string[], event: Event): void {
  if (types.includes('end') || event.action === 'sign-out') signOut(event);
  else if (event.outcome !== '') signIn(event, event.outcome);
  else event.classUid = CLASS.authentication;
}

function readAccountChange(types: readonly string[], flat: Flat, event: Event): void {
  const target = event.target || valueIn(flat, 'user.target.name') || valueIn(flat, 'user.changes.name');
  if (types.includes('creation')) manageUser(event, 'account-create', target);
  else if (types.includes('deletion')) manageUser(event, 'account-delete', target);
  else manageUser(event, types.includes('group') ? 'grant' : 'account-change', target);
  event.outcome ||= 'success';
}
