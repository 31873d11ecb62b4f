import type { zhEvidence } from './zh-evidence.ts';

/** English texts of seals and legal holds, key by key as in zh-evidence.ts. */
export const enEvidence: typeof zhEvidence = {
  sealing: {
    ask: 'Is it sealed?',
    sealed: 'Sealed: number {seal}, {time}',
    proof: 'Download the proof',
    differs: 'Not what was sealed: number {seal}, {time}',
    unsealed: 'Not sealed yet; that takes up to two minutes',
    title: 'Seals and legal holds',
    last: 'Last seal {seal}, {time}, {records} records so far',
    check: 'Compare now',
    checking: 'Comparing: seal {checked} of {total}',
    found: '{count} differences from what was sealed, the first in seal {seal}',
    clean: 'Compared {time}: what is stored is what was sealed',
    unchecked: 'Not compared yet; it is done once a day',
    holds: 'Legal holds',
    holdsHint: 'What a hold is about does not expire; its release takes two people.',
    noHolds: 'No legal holds.',
    place: 'Place a hold',
    release: 'Ask for release',
    name: 'Name or case number',
    from: 'From',
    to: 'To',
    assets: 'Assets (all when empty)',
    actors: 'Accounts or persons (all when empty)',
    everything: 'everything',
    states: { open: 'in force', 'release-asked': 'release asked for by', released: 'released' },
  },
};
