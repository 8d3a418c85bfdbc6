/** Shows how far a run is to those who watch. */
export interface Progress extends Disposable {
  /** How many items there are; until then nobody knows when it will end. */
  expect(total: number): void;
  advance(items: number): void;
}

export interface ProgressState {
  readonly done: number;
  readonly total: number | undefined;
  /** Over the last seconds. */
  readonly itemsPerSecond: number;
  /** Until the end at this rate; undefined while nobody can tell. */
  readonly secondsLeft: number | undefined;
}
