import { shardOf, type Shard } from '../shard.ts';
import type { DueBlob, DueQuery, VerifyBlobsRepository } from './verify-blobs-repository.ts';

export interface DueBatches extends Omit<DueQuery, 'limit'> {
  readonly shard: Shard;
}

/** A batch is the work of one transaction: what a killed run has to do again. A larger blob is a batch by itself. */
const mostInBatch = 100;
const mostBytesInBatch = 64 * 1024 * 1024;
const listedAtOnce = 1000;

/** The blobs of a shard whose turn has come, in the order of the ring. */
export async function* dueBatches(
  repository: Pick<VerifyBlobsRepository, 'listDue'>,
  due: DueBatches,
): AsyncGenerator<readonly DueBlob[]> {
  let batch: DueBlob[] = [];
  let bytes = 0;
  for await (const blob of listDue(repository, due)) {
    if (batch.length === mostInBatch || (batch.length > 0 && bytes + blob.sizeBytes > mostBytesInBatch)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(blob);
    bytes += blob.sizeBytes;
  }
  if (batch.length > 0) yield batch;
}

async function* listDue(
  repository: Pick<VerifyBlobsRepository, 'listDue'>,
  { shard, before, after }: DueBatches,
): AsyncGenerator<DueBlob> {
  let page = await repository.listDue({ before, after, limit: listedAtOnce });
  while (page.length > 0) {
    yield* page.filter(({ id }) => shardOf(id, shard.count) === shard.index);
    page = await repository.listDue({ before, after: page.at(-1)?.position, limit: listedAtOnce });
  }
}
