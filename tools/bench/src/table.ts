import type { Row } from './row.ts';

const columns = ['work', 'floor', 'subject', 'ratio', 'budget'] as const;

/** The rows as a Markdown table that is aligned for a terminal as well. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [
    [...columns, 'verdict'],
    ...rows.map((row) => [...columns.map((column) => row[column]), row.passes ? 'ok' : 'MISSED']),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  const render = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [render(head), rule, ...body.map(render)].join('\n');
}
