/** A key and what it does, by its name among the page's texts (`keyList.…`). */
export type KeyLine = readonly [keys: string, name: string];

const DECIDE: readonly KeyLine[] = [
  ['a', 'acknowledge'],
  ['n', 'note'],
  ['u', 'undo'],
];

/** The keys of each page, by its address, beyond those of every page. */
const OF_PAGE: Readonly<Record<string, readonly KeyLine[]>> = {
  findings: [
    ['j', 'next'],
    ['k', 'previous'],
    ['Enter', 'open'],
    ['x', 'select'],
    ['J K', 'extend'],
    ['X', 'extendTo'],
    ['*', 'all'],
    ...DECIDE,
    ['e', 'assign'],
    ['c', 'close'],
    ['s', 'suppress'],
    ['g', 'newest'],
    ['/', 'filter'],
    ['Esc', 'leave'],
  ],
  hunting: [
    ['/', 'filter'],
    ['c', 'condition'],
    ['g', 'toRows'],
    ['Esc', 'closeOpen'],
  ],
  finding: [...DECIDE, ['c', 'openForm']],
  wall: [['Esc', 'home']],
};

const EVERYWHERE: readonly KeyLine[] = [['?', 'help']];

export function keysOf(page: string): readonly KeyLine[] {
  return [...(Object.hasOwn(OF_PAGE, page) ? OF_PAGE[page]! : []), ...EVERYWHERE];
}
