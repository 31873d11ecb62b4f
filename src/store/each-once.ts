/**
 * How queries read events with FINAL. Repeats of an event lie in the same day of arrival, so days need not be merged with
 * each other; and they are the same in all columns that queries look for, so that what an index leaves out need not be
 * looked for again in other parts (which would read five times as much for an asset's year).
 */
export const EACH_ONCE = 'do_not_merge_across_partitions_select_final = 1, use_skip_indexes_if_final_exact_mode = 0';
