import type { BlobStore } from '@stowage/storage';
import { z } from 'zod';
import type { Job, JobFindings, JobRun } from '../job.ts';
import type { BlobInspector, Finding } from './blob-inspector.ts';
import { assertCredible } from '../credible-findings.ts';
import { dueBatches } from './due-batches.ts';
import { setVerifyBlobsMetrics } from './verify-blobs-metrics.ts';
import type { SettledVerdict, Verdict } from './verdict.ts';
import type { DueBlob, VerifyBlobsRepository } from './verify-blobs-repository.ts';

export interface VerifyBlobsOptions {
  readonly repository: VerifyBlobsRepository;
  readonly store: Pick<BlobStore, 'check'>;
  readonly inspector: Pick<BlobInspector, 'inspect'>;
  /** How long a verdict holds: good blobs are not read again before. */
  readonly verifyAfterMs: number;
  /** Finding more than this part of the blobs damaged, from 0 to 1, makes the run fail. */
  readonly mostFindings: number;
}

const readsAtOnce = 4;
/** Counting is for the progress bar; beyond it the bar has no end. */
const mostCounted = 1_000_000;
/** A run that was stopped longer ago is not gone on with: what was repaired since comes first again. */
const checkpointAgeMs = 24 * 60 * 60 * 1000;

const checkpointShape = z.object({
  startedAt: z.coerce.date(),
  after: z.object({ turn: z.string(), id: z.string() }).optional(),
  /** Damaged blobs, those in quarantine before included. */
  faults: z.number(),
  /** Of blobs that were not in quarantine before. */
  read: z.number(),
  damaged: z.number(),
});

type Progress = z.output<typeof checkpointShape>;

type Inspected = readonly [DueBlob, Finding];

/**
 * Reads live blobs in turn and compares them with their rows. Damaged ones are put in quarantine, good ones are let out. The
 * turn of each blob is in its row, so that a run goes on where the last one ended.
 */
export class VerifyBlobsJob implements Job {
  readonly #options: VerifyBlobsOptions;

  constructor(options: VerifyBlobsOptions) {
    this.#options = options;
  }

  async run(run: JobRun): Promise<JobFindings> {
    const { repository } = this.#options;
    const start = resume(run.checkpoint, await repository.readTime());
    const due = {
      shard: run.shard,
      after: start.after,
      before: new Date(start.startedAt.getTime() - this.#options.verifyAfterMs),
    };
    const count = await repository.countDue({ ...due, limit: mostCounted });
    if (count < mostCounted) run.expect(count);
    const findings = await this.#verifyAll(dueBatches(repository, due), run, start);
    const [state, time] = [await repository.readState(run.shard), await repository.readTime()];
    setVerifyBlobsMetrics(run.registry, state, time);
    return findings;
  }

  async #verifyAll(batches: AsyncIterable<readonly DueBlob[]>, run: JobRun, start: Progress): Promise<JobFindings> {
    let progress = start;
    for await (const batch of batches) {
      const part = batch.slice(0, run.remaining);
      if (part.length > 0 && !run.signal.aborted) progress = await this.#verify(part, run, progress);
      if (part.length < batch.length || run.signal.aborted) return { complete: false, faults: progress.faults };
    }
    return { complete: true, faults: progress.faults };
  }

  async #verify(batch: readonly DueBlob[], run: JobRun, before: Progress): Promise<Progress> {
    const findings = await this.#inspectAll(batch, run);
    const inspected = [...findings];
    const verdicts = inspected.flatMap(toVerdicts);
    const gap = batch.findIndex((blob) => !findings.has(blob));
    const passed = gap < 0 ? batch : batch.slice(0, gap);
    const unreadable = passed.filter((blob) => findings.get(blob)?.kind === 'unreadable').length;
    const passedIds = new Set(passed.map(({ id }) => id));
    let progress = before;
    const settled = await this.#options.repository.settle(verdicts, {
      dryRun: run.dryRun,
      record: async (tx, all) => {
        const counted = all.filter((verdict) => passedIds.has(verdict.id) || !keepsItsTurn(verdict));
        progress = { ...advance(before, counted), after: passed.at(-1)?.position ?? before.after };
        const { damaged, read } = progress;
        assertCredible({ kind: 'damaged', count: damaged, compared: read }, this.#options.mostFindings);
        const counts = countOutcomes(counted, unreadable);
        await run.record(tx, { counts, bytes: intactBytes(inspected), checkpoint: progress });
      },
    });
    logFaults(settled, run);
    return progress;
  }

  /**
   * The first failure ends the others before their next blob. A run that has to end leaves out the blobs under way, which may not be
   * the last of the batch.
   */
  async #inspectAll(batch: readonly DueBlob[], run: JobRun): Promise<ReadonlyMap<DueBlob, Finding>> {
    const findings = new Map<DueBlob, Finding>();
    const waiting = [...batch];
    const reader = async (): Promise<void> => {
      try {
        for (let blob = waiting.shift(); blob !== undefined && !run.signal.aborted; blob = waiting.shift())
          findings.set(blob, await this.#inspect(blob, run));
      } catch (error) {
        if (!run.signal.aborted) throw error;
      }
    };
    try {
      await Promise.all(Array.from({ length: readsAtOnce }, reader));
    } finally {
      waiting.length = 0;
    }
    return findings;
  }

  /** A blob that cannot be read is passed over, unless none can be: then the store is away and the run fails. */
  async #inspect(blob: DueBlob, { signal, log }: JobRun): Promise<Finding> {
    const finding = await this.#options.inspector.inspect(blob, signal);
    if (finding.kind !== 'unreadable') return finding;
    await this.#options.store.check();
    log.warn({ blobId: blob.id, err: finding.error }, 'blob could not be read');
    return finding;
  }
}

function resume(checkpoint: unknown, now: Date): Progress {
  const { data } = checkpointShape.safeParse(checkpoint);
  const isFresh = data !== undefined && now.getTime() - data.startedAt.getTime() < checkpointAgeMs;
  return isFresh ? data : { startedAt: now, faults: 0, read: 0, damaged: 0 };
}

function advance(before: Progress, settled: readonly SettledVerdict[]): Progress {
  const live = settled.filter(({ wasLive }) => wasLive);
  const fresh = live.filter(({ wasQuarantined }) => !wasQuarantined);
  const countFaults = (verdicts: readonly SettledVerdict[]): number =>
    verdicts.filter(({ fault }) => fault !== undefined).length;
  return {
    ...before,
    faults: before.faults + countFaults(live),
    read: before.read + fresh.length,
    damaged: before.damaged + countFaults(fresh),
  };
}

/** Whether the next run comes to the blob again when its turn was not reached: it is first in the ring as before. */
function keepsItsTurn({ fault, wasLive, wasQuarantined }: SettledVerdict): boolean {
  return wasLive && wasQuarantined && fault !== undefined;
}

function intactBytes(inspected: readonly Inspected[]): number {
  return inspected.reduce((sum, [{ sizeBytes }, { kind }]) => (kind === 'intact' ? sum + sizeBytes : sum), 0);
}

function toVerdicts([{ id }, finding]: Inspected): readonly Verdict[] {
  if (finding.kind === 'unreadable') return [];
  return [{ id, fault: finding.kind === 'faulty' ? finding.fault : undefined }];
}

function countOutcomes(settled: readonly SettledVerdict[], unreadable: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = unreadable > 0 ? { unreadable } : {};
  for (const verdict of settled) {
    const outcome = outcomeOf(verdict);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

function outcomeOf({ fault, wasLive, wasQuarantined }: SettledVerdict): string {
  if (!wasLive) return 'gone';
  if (fault === undefined) return wasQuarantined ? 'repaired' : 'intact';
  return wasQuarantined ? 'quarantined' : fault;
}

function logFaults(settled: readonly SettledVerdict[], { log, dryRun }: JobRun): void {
  for (const { id: blobId, fault, wasLive, wasQuarantined } of settled) {
    if (!wasLive) continue;
    const facts = { blobId, fault, dryRun };
    if (fault !== undefined && !wasQuarantined) log.error(facts, 'blob is damaged and in quarantine');
    else if (fault !== undefined) log.warn(facts, 'blob in quarantine is still damaged');
    else if (wasQuarantined) log.info(facts, 'blob was repaired and left quarantine');
  }
}
