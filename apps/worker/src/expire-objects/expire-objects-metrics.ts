import type { Registry } from '@stowage/observability';
import { JobGauges } from '../job-gauges.ts';
import type { VersionRemoval } from './trash-repository.ts';

/** What the removal of versions made of other things. */
export type Consequences = Pick<VersionRemoval, 'objects' | 'garbageBlobs' | 'garbageBytes'>;

/** Sets what `expire-objects` tells beside what every run does. */
export function setExpireObjectsMetrics(
  registry: Registry,
  { objects, garbageBlobs, garbageBytes }: Consequences,
): void {
  const gauges = new JobGauges(registry, 'expire-objects');
  gauges.set('removed_objects', 'Objects the last run removed with their last version.', objects);
  gauges.set('garbage_blobs', 'Blobs the last run made garbage.', garbageBlobs);
  gauges.set('garbage_bytes', 'Bytes of the blobs the last run made garbage.', garbageBytes);
}
