import type { Event } from '../event/event.ts';
import type { Registry, WorkOrder } from '../registry/registry.ts';

/** Whether the order is for the person, the system and the asset of the event; an order that names none is for all. */
export function isOrderFor(order: WorkOrder, event: Event): boolean {
  return (
    names(order.persons, event.person) &&
    names(order.systems, event.system) &&
    (event.asset === '' || order.assets.length === 0 || order.assets.includes(event.asset))
  );
}

/** The vendor's orders that are for the event and open at its time, or were or will be within `slackMs`. */
export function ordersFor(event: Event, registry: Registry, slackMs = 0): readonly WorkOrder[] {
  return registry
    .workOrdersOf(event.vendor)
    .filter(
      (order) => event.time >= order.from - slackMs && event.time < order.to + slackMs && isOrderFor(order, event),
    );
}

/** Somebody changes a system or its rights, or works on it as an administrator; signing out is no act. */
export function isPrivilegedAct(event: Event): boolean {
  switch (event.action) {
    case 'maintain':
    case 'command':
    case 'configure':
    case 'grant':
    case 'revoke':
    case 'account-create':
    case 'account-change':
    case 'account-delete':
      return event.outcome !== 'failure';
    case '':
    case 'sign-out':
      return false;
    default:
      return event.privileged && event.outcome !== 'failure';
  }
}

function names(list: readonly string[], value: string): boolean {
  return list.length === 0 || value === '' || list.includes(value);
}
