/** What the page's keys do with the list of findings. */
export interface ListActions {
  /** Goes down (1) or up (-1). */
  move: (by: number) => void;
  /** Opens or closes the finding where the keys are. */
  toggleCurrent: () => void;
  /** Takes the findings in that came while the list was held. */
  showNewest: () => void;
}
