import type { Registry } from '@stowage/observability';
import { JobGauges } from '../job-gauges.ts';

export interface GarbageFindings {
  /** Unfinished bodies and uploads that were removed from the store. */
  readonly abandoned: number;
  /** Garbage that a version refers to. */
  readonly referenced: number;
  readonly backlogSeconds: number;
}

/** Sets what `collect-garbage` tells beside what every run does. */
export function setCollectGarbageMetrics(registry: Registry, findings: GarbageFindings): void {
  const gauges = new JobGauges(registry, 'collect-garbage');
  gauges.set('abandoned_uploads', 'Unfinished uploads the last run removed from the blob store.', findings.abandoned);
  gauges.set(
    'referenced_blobs',
    'Garbage the last run left alone because a version refers to it.',
    findings.referenced,
  );
  gauges.set('backlog_seconds', 'How long the longest garbage left is past its grace.', findings.backlogSeconds);
}
