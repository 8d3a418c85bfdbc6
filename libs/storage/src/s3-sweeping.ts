import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';

import type { S3Connection } from './s3-connection.ts';
import { abortUpload } from './s3-multipart.ts';

export interface AbandonedUploads {
  readonly begunBefore: Date;
  readonly matches: (key: string) => boolean;
}

/** Aborts uploads that were neither completed nor aborted; how many there were. */
export async function abortUploads(
  connection: S3Connection,
  { begunBefore, matches }: AbandonedUploads,
): Promise<number> {
  let aborted = 0;
  for (let marker = {}; ;) {
    const command = new ListMultipartUploadsCommand({ Bucket: connection.bucket, ...marker });
    const page = await connection.send({}, (options) => connection.client.send(command, options));
    for (const { Key: key, UploadId: uploadId, Initiated: begunAt } of page.Uploads ?? []) {
      if (key === undefined || uploadId === undefined || begunAt === undefined) continue;
      if (begunAt >= begunBefore || !matches(key)) continue;
      await abortUpload(connection, { key, uploadId });
      aborted += 1;
    }
    if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return aborted;
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
