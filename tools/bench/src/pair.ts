import type { LoadResult } from './load-client.ts';
import { readCpuSeconds } from './process-usage.ts';
import type { Row } from './row.ts';
import { toSpread, type Spread } from './statistics.ts';

/** One of two things that are compared: what loads it, and which process does its work. */
export interface Side {
  readonly pid: number;
  readonly run: (connections: number, durationMs: number) => Promise<LoadResult>;
}

export interface Pair {
  readonly work: string;
  readonly floor: Side;
  readonly subject: Side;
  readonly unit: 'requests' | 'megabytes';
  /** The least the subject must do of what the floor does, 0.2 for a fifth. */
  readonly least: number;
  /** What it should reach. @default no more than `least` */
  readonly aim?: number;
}

export interface Rounds {
  readonly rounds: number;
  readonly roundMs: number;
  readonly connections: readonly number[];
}

interface Sample {
  readonly perSecond: number;
  /** Processor time of the side's own process for each request, in µs. */
  readonly cpuMicroseconds: number;
}

/** Loads floor and subject in turns, so that what else the machine does falls on both, and compares each two neighbours. */
export async function measurePair(pair: Pair, { rounds, roundMs, connections }: Rounds): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const count of connections) {
    const floors: Sample[] = [];
    const subjects: Sample[] = [];
    await pair.floor.run(count, roundMs / 4); // what is compiled or connected for the first time
    await pair.subject.run(count, roundMs / 4);
    for (let round = 0; round < rounds; round += 1) {
      floors.push(await sample(pair.floor, pair.unit, { count, roundMs }));
      subjects.push(await sample(pair.subject, pair.unit, { count, roundMs }));
    }
    rows.push(toRow(pair, count, { floors, subjects }));
  }
  return rows;
}

async function sample(
  side: Side,
  unit: Pair['unit'],
  { count, roundMs }: { count: number; roundMs: number },
): Promise<Sample> {
  const cpuBefore = readCpuSeconds(side.pid);
  const { requests, bytes, seconds } = await side.run(count, roundMs);
  const cpuMicroseconds = ((readCpuSeconds(side.pid) - cpuBefore) / requests) * 1e6;
  return { perSecond: (unit === 'requests' ? requests : bytes / 1e6) / seconds, cpuMicroseconds };
}

function toRow(
  pair: Pair,
  connections: number,
  { floors, subjects }: { floors: readonly Sample[]; subjects: readonly Sample[] },
): Row {
  const ratio = toSpread(subjects.map(({ perSecond }, round) => perSecond / (floors[round]?.perSecond ?? NaN)));
  const floor = median(floors, 'perSecond');
  const subject = median(subjects, 'perSecond');
  const floorCpu = median(floors, 'cpuMicroseconds');
  const subjectCpu = median(subjects, 'cpuMicroseconds');
  const unit = pair.unit === 'requests' ? '/s' : ' MB/s';
  const aim = pair.aim === undefined ? '' : `, aim ${percent(pair.aim)}`;
  return {
    work: `${pair.work}, ${connections} connections`,
    floor: `${Math.round(floor)}${unit}, ${Math.round(floorCpu)} µs`,
    subject: `${Math.round(subject)}${unit}, ${Math.round(subjectCpu)} µs`,
    ratio: `${percent(ratio.median)} (${spreadText(ratio)})`,
    budget: `≥ ${percent(pair.least)}${aim}`,
    passes: ratio.median >= pair.least,
    figures: {
      ...{ connections, floor, subject, floorCpuMicroseconds: floorCpu, subjectCpuMicroseconds: subjectCpu },
      ...{ ratio: ratio.median, ratioLeast: ratio.least, ratioMost: ratio.most },
    },
  };
}

function median(samples: readonly Sample[], field: keyof Sample): number {
  return toSpread(samples.map((each) => each[field])).median;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function spreadText({ least, most }: Spread): string {
  return `${Math.round(least * 100)}–${Math.round(most * 100)}`;
}
