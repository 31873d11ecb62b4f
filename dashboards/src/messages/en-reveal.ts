import type { zhReveal } from './zh-reveal.ts';

/** English texts of seeing events unmasked, key by key as in zh-reveal.ts. */
export const enReveal: typeof zhReveal = {
  reveal: {
    ask: 'Show unmasked',
    purpose: 'Purpose',
    purposes: { investigation: 'Investigation', complaint: 'Complaint', audit: 'Audit', other: 'Other' },
    reason: 'Reason',
    show: 'Show for 15 minutes',
    lookAgain: 'Look again',
    cancel: 'Cancel',
    recorded: 'For you and this event only, for 15 minutes; recorded in the audit trail before it is shown.',
    waiting: 'Asked for. Another person has to agree; then press “Look again”.',
    shown: '{account} sees this unmasked, {left} left',
    hide: 'Hide',
    requests: 'Requests to see events unmasked',
    requestsHint: 'Once approved, who asked sees the event for 15 minutes; its content is not shown here.',
    noRequests: 'No requests.',
    states: { waiting: 'waiting', open: 'shown', refused: 'refused' },
  },
};
