import type { Permission } from './permissions.ts';

/** What a wall screen may: look on. */
export const WALL: readonly Permission[] = ['see-posture', 'follow-feed'];

/** A wall session stays as long as its screen is on, and so long after that. */
export const WALL_IDLE_MS = 30 * 24 * 3_600_000;
/** The link that begins one is for the walk to the screen. */
export const WALL_LINK_MS = 15 * 60_000;
