import { Gauge, type Registry } from '@stowage/observability';
import type { VersionRemoval } from './trash-repository.ts';

/** What the removal of versions made of other things. */
export type Consequences = Pick<VersionRemoval, 'objects' | 'garbageBlobs' | 'garbageBytes'>;

/** Sets what `expire-objects` tells beside what every run does. */
export function setExpireObjectsMetrics(
  registry: Registry,
  { objects, garbageBlobs, garbageBytes }: Consequences,
): void {
  const set = (name: string, help: string, value: number): void =>
    new Gauge({ name: `stowage_expire_objects_${name}`, help, registers: [registry] }).set(value);
  set('removed_objects', 'Objects the last run removed with their last version.', objects);
  set('garbage_blobs', 'Blobs the last run made garbage.', garbageBlobs);
  set('garbage_bytes', 'Bytes of the blobs the last run made garbage.', garbageBytes);
}
