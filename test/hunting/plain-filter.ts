import { BlockList, isIP } from 'node:net';
import { attributeOf, type Event } from '../../src/event/event.ts';
import { fieldOf, type FieldName } from '../../src/hunting/event-fields.ts';
import { isCondition, type Clause, type Condition, type EventFilter } from '../../src/hunting/event-filter.ts';

/** The same as a filter asks of the store, said plainly: for comparing. */
export function passes(event: Event, filter: EventFilter): boolean {
  const { from, to, asOf, where, text = [] } = filter;
  const isInTime = event.time >= from && event.time < to && event.ingestTime <= asOf;
  const holds = (term: string): boolean => [event.message, event.raw].some((each) => lower(each).includes(lower(term)));
  return (
    isInTime && (where === undefined || fits(event, where)) && text.every((term) => holds(term.text) !== term.isNot)
  );
}

function fits(event: Event, clause: Clause): boolean {
  if (isCondition(clause)) return holds(event, clause);
  if ('not' in clause) return !fits(event, clause.not);
  return 'all' in clause ? clause.all.every((one) => fits(event, one)) : clause.any.some((one) => fits(event, one));
}

function holds(event: Event, condition: Condition): boolean {
  const { field, op } = condition;
  const { type } = fieldOf(field);
  if (op === 'yes' || op === 'no') return event[field as 'privileged'] === (op === 'yes');
  if (type === 'list') return listHolds(event[field as 'fields'], condition);
  if (type === 'attribute') return attributeHolds(event, condition);
  return valueHolds(event[field as Exclude<FieldName, 'attributes' | 'fields'>] as string | number, condition);
}

function listHolds(list: readonly string[], { op, value }: Condition): boolean {
  const wanted = [value].flat() as string[];
  if (op === 'set' || op === 'unset') return list.length > 0 === (op === 'set');
  if (op === 'all') return wanted.every((one) => list.includes(one));
  return wanted.some((one) => list.includes(one)) === (op === 'is' || op === 'in');
}

function attributeHolds(event: Event, condition: Condition): boolean {
  const value = attributeOf(event, condition.key!);
  if (condition.op === 'set' || condition.op === 'unset') return (value !== undefined) === (condition.op === 'set');
  return valueHolds(value ?? '', condition);
}

function valueHolds(given: string | number, { op, value }: Condition): boolean {
  const many = [value].flat() as (string | number)[];
  const [first, second] = many as [number, number];
  const text = lower(String(given));
  switch (op) {
    case 'is':
    case 'in':
      return many.includes(given);
    case 'is-not':
    case 'not-in':
      return !many.includes(given);
    case 'contains':
      return text.includes(lower(String(value)));
    case 'not-contains':
      return !text.includes(lower(String(value)));
    case 'starts':
      return text.startsWith(lower(String(value)));
    case 'set':
      return given !== '';
    case 'unset':
      return given === '';
    case 'less':
      return (given as number) < first;
    case 'at-most':
      return (given as number) <= first;
    case 'more':
      return (given as number) > first;
    case 'at-least':
      return (given as number) >= first;
    case 'between':
      return (given as number) >= first && (given as number) <= second;
    case 'network':
      return isInside(String(given), many as string[]);
    default:
      return !isInside(String(given), many as string[]);
  }
}

function isInside(address: string, networks: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const family = (one: string): 'ipv4' | 'ipv6' => (isIP(one) === 4 ? 'ipv4' : 'ipv6');
  return networks.some((network) => {
    const [base, bits] = network.split('/') as [string, string];
    if (family(base) !== family(address)) return false;
    const list = new BlockList();
    list.addSubnet(base, Number(bits), family(base));
    return list.check(address, family(address));
  });
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
