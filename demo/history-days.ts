/** Days of history before the demo's day: what the baselines and habits need. */
export const HISTORY_DAYS = 35;
