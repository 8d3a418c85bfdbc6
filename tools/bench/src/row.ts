/** One line of the table. */
export interface Row {
  readonly work: string;
  readonly floor: string;
  readonly subject: string;
  readonly ratio: string;
  readonly budget: string;
  readonly passes: boolean;
  /** The numbers behind it, for machines. */
  readonly figures: Readonly<Record<string, number>>;
}
