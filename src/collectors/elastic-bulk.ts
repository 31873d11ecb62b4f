import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WanglouError } from '../errors.ts';
import { answerElastic, forgetsRefused } from './elastic-answer.ts';
import { readLines } from './body-records.ts';
import { RecordDecoder } from './charset.ts';
import type { Intake, Origin, RecordNote } from './collector.ts';

type BulkAction = 'index' | 'create' | 'update' | 'delete';

interface BulkItem {
  action: BulkAction;
  index: string;
  id: string;
  /** '' when the sender gave none. */
  document: string;
  note: RecordNote | undefined;
}

/** How many items are taken between two looks at the pressure. */
const LOOK_EVERY = 256;

/**
 * `_bulk`: takes `index` and `create`, refuses `update` and `delete` item by item, answers when all taken are durable. Items
 * beyond what can be taken now get 429 each, which clients send again; of those that would not, all is taken or nothing.
 * @param defaultIndex from the path, '' when there is none.
 * @returns number of records taken. @throws WanglouError WL_BODY_INVALID when the body is no bulk body; nothing is taken then.
 */
export async function bulk(
  intake: Intake,
  origin: Origin,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  defaultIndex: string,
): Promise<number> {
  const startedAt = Date.now();
  const items = readItems(body, defaultIndex);
  const isAllOrNothing = forgetsRefused(request);
  const refusal = isAllOrNothing ? intake.refusal() : undefined;
  if (refusal !== undefined) throw refusal;
  const { answers, taken } = takeItems(intake, origin, items, isAllOrNothing);
  if (taken < answers.length) intake.refused(origin.source, 'bulk items refused', answers.length - taken);
  await intake.durable();
  const hasErrors = taken < answers.length;
  const text = `{"errors":${hasErrors},"took":${Date.now() - startedAt},"items":[${answers.join(',')}]}`;
  answerElastic(request, response, 200, text);
  return taken;
}

function takeItems(
  intake: Intake,
  origin: Origin,
  items: readonly BulkItem[],
  isAllOrNothing: boolean,
): { answers: string[]; taken: number } {
  const stream = intake.open(origin);
  const answers: string[] = [];
  let refusal: WanglouError | undefined;
  let taken = 0;
  for (const [i, item] of items.entries()) {
    if (!isAllOrNothing && i % LOOK_EVERY === 0) refusal = intake.refusal();
    const isWrite = item.action === 'index' || item.action === 'create';
    if (isWrite && refusal === undefined) {
      stream.accept(item.document, keyOf(item), item.note);
      taken++;
      answers.push(createdItem(item));
    } else answers.push(refusedItem(item, isWrite ? refusal : undefined));
  }
  stream.end();
  return { answers, taken };
}

/** `PUT|POST /index/_doc[/id]`, `/index/_create/id`, `/index/type[/id]`: one document. */
export async function indexDocument(
  intake: Intake,
  origin: Origin,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  place: { index: string; id: string },
): Promise<number> {
  const { text, encoding } = new RecordDecoder('utf-8').decode(body);
  const item: BulkItem = { action: 'index', ...place, document: text.trim(), note: { fault: '', encoding } };
  if (item.document === '') throw new WanglouError('WL_BODY_INVALID', 'request body is required');
  const stream = intake.open(origin);
  stream.accept(item.document, keyOf(item), item.note);
  stream.end();
  await intake.durable();
  answerElastic(request, response, 201, createdBody(item));
  return 1;
}

/** The pairs of action and document. Blank lines between them are tolerated: rsyslog sends them. */
function readItems(body: Buffer, defaultIndex: string): BulkItem[] {
  const items: BulkItem[] = [];
  let open: BulkItem | undefined;
  let line = 0;
  readLines(body, (text, note) => {
    line++;
    if (text.trim() === '') return;
    if (open === undefined) {
      const item = readAction(text, defaultIndex, line);
      if (item.action === 'delete') items.push(item);
      else open = item;
      return;
    }
    open.document = text;
    open.note = note;
    items.push(open);
    open = undefined;
  });
  if (open !== undefined) throw new WanglouError('WL_BODY_INVALID', `line ${line}: the action has no document`);
  if (items.length === 0) throw new WanglouError('WL_BODY_INVALID', 'request body is required');
  return items;
}

function readAction(text: string, defaultIndex: string, line: number): BulkItem {
  const malformed = `Malformed action/metadata line [${line}]`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new WanglouError('WL_BODY_INVALID', malformed, { cause });
  }
  const entry = isObject(parsed) ? Object.entries(parsed)[0] : undefined;
  const [action, target] = entry ?? ['', undefined];
  if (!isAction(action) || !isObject(target))
    throw new WanglouError('WL_BODY_INVALID', `${malformed}, expected index, create, update or delete`);
  return {
    action,
    index: textOf(target['_index']) || defaultIndex,
    id: textOf(target['_id']),
    document: '',
    note: undefined,
  };
}

/**
 * What the sender can repeat. `index` with a known id overwrites in Elasticsearch; here nothing is overwritten, so a changed
 * document is another event.
 */
function keyOf(item: BulkItem): string {
  if (item.id === '') return '';
  const key = `doc ${item.index} ${item.id}`;
  return item.action === 'create' ? key : `${key} ${item.document}`;
}

const drawn = randomBytes(6).toString('hex');
let drawnIds = 0;

function createdBody(item: BulkItem): string {
  const id = JSON.stringify(item.id === '' ? `${drawn}${(drawnIds++).toString(36).padStart(8, '0')}` : item.id);
  return (
    `{"_index":${JSON.stringify(item.index)},"_id":${id},"_version":1,"result":"created",` +
    `"_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1,"status":201}`
  );
}

function createdItem(item: BulkItem): string {
  return `{"${item.action}":${createdBody(item)}}`;
}

function refusedItem(item: BulkItem, refusal: WanglouError | undefined): string {
  const error =
    refusal === undefined
      ? { type: 'illegal_argument_exception', reason: `${item.action} is not taken: events are only added` }
      : { type: 'es_rejected_execution_exception', reason: refusal.message };
  const status = refusal === undefined ? 400 : 429;
  return JSON.stringify({ [item.action]: { _index: item.index, _id: item.id, status, error } });
}

function isAction(name: string): name is BulkAction {
  return name === 'index' || name === 'create' || name === 'update' || name === 'delete';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}
