/** A column of a list, px wide. */
export interface GridColumn {
  name: string;
  width: number;
}

/** How a list says what is in it. */
export interface GridWords {
  title: (column: string) => string;
  text: (column: string, value: unknown) => string;
  /** Whether its values are compared by size, and stand at the right. */
  isNumber: (column: string) => boolean;
}
