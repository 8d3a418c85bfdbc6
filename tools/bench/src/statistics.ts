/** The middle of some numbers, and the least and the most of them. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws RangeError without numbers */
export function toSpread(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  const below = sorted[Math.floor((sorted.length - 1) / 2)];
  const above = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (least === undefined || most === undefined || below === undefined || above === undefined)
    throw new RangeError('There is no middle of nothing');
  return { median: (below + above) / 2, least, most };
}
