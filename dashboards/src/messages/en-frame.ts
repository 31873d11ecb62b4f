import type { zhFrame } from './zh-frame.ts';

/** English texts: the frame of all pages, and what can go wrong. */
export const enFrame: typeof zhFrame = {
  loading: 'Loading the page…',
  criticalOpen: ' ({count} critical)',
  noPage: 'There is no such page',
  noPageHint: 'Wanglou has no page at {address}. Perhaps it was mistyped, or the page has another name now.',
  goTo: 'Go to',
  failed: 'The page was not loaded',
  failedHint:
    'Its program could not be fetched from the server. Pages that were open before still work; try again once the network is back.',
  broken: 'The page could not be shown',
  brokenHint: 'It met something unexpected. Try again; if it comes back, give the text below to your administrator.',
  partBroken: 'A part of the page could not be shown: {reason}',
  away: 'Wanglou can not be opened',
  awayHint: 'It is tried again every 5 seconds.',
  asking: 'Connecting to the server…',
  offline: 'This computer has no network. What you see is {age} old; it goes on by itself once the network is back.',
  misfit:
    'Live data that can not be read came in ({at}) and was not used. What you see is {age} old; everything will be read anew shortly.',
  misfitHealed:
    '{count} live messages could not be read; everything has been read anew. If it comes back, reload, and compare the versions of server and page.',
  clockBehind:
    'The clock of this computer is {by} behind the server. Times here are the server’s; please set the clock.',
  clockAhead:
    'The clock of this computer is {by} ahead of the server. Times here are the server’s; please set the clock.',
};
