import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { openBench, type Load } from './bench.ts';
import { readOptions, type BenchOptions } from './bench-options.ts';
import { affected } from './loads/affected.ts';
import { download } from './loads/download.ts';
import { expiry } from './loads/expiry.ts';
import { large } from './loads/large.ts';
import { lifecycle } from './loads/lifecycle.ts';
import { list } from './loads/list.ts';
import { memory } from './loads/memory.ts';
import { metadataCold } from './loads/metadata-cold.ts';
import { metadata } from './loads/metadata.ts';
import { roundTrips } from './loads/round-trips.ts';
import { upload } from './loads/upload.ts';
import type { Row } from './row.ts';
import { renderTable } from './table.ts';

const loads: Readonly<Record<string, Load>> = {
  download,
  metadata,
  'metadata-cold': metadataCold,
  list,
  upload,
  large,
  'round-trips': roundTrips,
  memory,
  lifecycle,
  expiry,
  affected,
};

try {
  const options = readOptions(process.argv.slice(2), Object.keys(loads));
  const rows = await runLoads(options);
  console.log(`\n${renderTable(rows)}`);
  mkdirSync(dirname(options.jsonFile), { recursive: true });
  const machine = { node: process.version, processors: cpus().length };
  writeFileSync(options.jsonFile, `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`);
  if (options.check && rows.some(({ passes }) => !passes)) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function runLoads(options: BenchOptions): Promise<readonly Row[]> {
  const report = (line: string): void => console.log(`[bench] ${line}`);
  await using bench = await openBench(options, report);
  const rows: Row[] = [];
  for (const [name, load] of Object.entries(loads)) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    report(name);
    for (const row of await load(bench)) {
      rows.push(row);
      report(
        `${row.passes ? 'ok    ' : 'MISSED'} ${row.work}: ${row.floor} | ${row.subject} | ${row.ratio}, ${row.budget}`,
      );
    }
  }
  return rows;
}
