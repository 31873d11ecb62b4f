import type { Event } from '../event.ts';
import { state, type Format } from './format.ts';
import { aside, signIn } from './outcome.ts';
import { nameBySession, readPam } from './pam.ts';

/**
 * su: account is who asked, target whom they became. `(to root) alice on pts/1`, `Successful su for root by alice`,
 * `FAILED SU (to root) alice on …`, `+ pts/1 alice:root`, BSD's `BAD SU alice to root on …`, System V's `'su root' failed for alice
 * on …`, and PAM's lines. PAM's failure
 * line counts, being the one that all versions write; su's own line of the same failure is an aside.
 */
export const su: Format = {
  name: 'su',

  recognizes(_text, event) {
    return event.service === 'su' || event.service === 'su-l';
  },

  parse(text, event) {
    event.message = text;
    if (readPam(text, event)) nameBySession(text, event);
    else readOwn(text, event);
    return '';
  },
};

const OWN = [
  { shape: /^Successful su for (\S+) by (\S+)/, target: 1, account: 2, outcome: 'success' },
  { shape: /^FAILED su for (\S+) by (\S+)/, target: 1, account: 2, outcome: 'failure' },
  { shape: /^FAILED SU \(to (\S+)\) (\S+) on /, target: 1, account: 2, outcome: 'failure' },
  { shape: /^\(to (\S+)\) (\S+) on /, target: 1, account: 2, outcome: 'success' },
  { shape: /^'su (\S+)' failed for (\S+) on /, target: 1, account: 2, outcome: 'failure' },
  { shape: /^'su (\S+)' succeeded for (\S+) on /, target: 1, account: 2, outcome: 'success' },
  { shape: /^BAD SU (\S+) to (\S+) on /, target: 2, account: 1, outcome: 'failure' },
  { shape: /^(\S+) to (\S+) on /, target: 2, account: 1, outcome: 'success' },
  { shape: /^\+ \S+ ([^\s:]+):(\S+)/, target: 2, account: 1, outcome: 'success' },
  { shape: /^- \S+ ([^\s:]+):(\S+)/, target: 2, account: 1, outcome: 'failure' },
] as const;

function readOwn(text: string, event: Event): void {
  for (const { shape, target, account, outcome } of OWN) {
    const parts = shape.exec(text);
    if (parts === null) continue;
    event.account = parts[account]!;
    event.target = parts[target]!;
    state(event, 'runAs', event.target);
    if (/^(?:BAD SU|'su|\S+ to) /.test(text)) signIn(event, outcome);
    else aside(event, outcome);
    return;
  }
}
