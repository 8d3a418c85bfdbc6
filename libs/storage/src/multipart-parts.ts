import type { MultipartLimits, UploadedPart } from './blob-store.ts';
import { InvalidPartError } from './blob-store-errors.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

/** AWS, "Amazon S3 multipart upload limits": 10,000 parts of 5 MiB to 5 GiB, the last of any size; 5 TiB in all. */
export const S3_MIN_PART_SIZE_BYTES = 5 * MIB;
export const S3_MAX_PARTS = 10_000;
export const S3_MAX_BLOB_SIZE_BYTES = 5 * TIB;

export const FILE_MULTIPART_LIMITS: MultipartLimits = {
  minPartSizeBytes: 0,
  maxPartSizeBytes: 5 * GIB,
  maxParts: S3_MAX_PARTS,
};

/**
 * The part size for a body: the wanted one, or as much more as 10,000 parts need, in whole MiB.
 *
 * @param sizeBytes undefined where the length is not known, which keeps the wanted part size
 */
export function choosePartSize(wantedBytes: number, sizeBytes: number | undefined): number {
  if (sizeBytes === undefined || sizeBytes <= wantedBytes * S3_MAX_PARTS) return wantedBytes;
  return Math.ceil(sizeBytes / S3_MAX_PARTS / MIB) * MIB;
}

/** @throws InvalidPartError */
export function assertPartNumber(partNumber: number): void {
  if (!Number.isSafeInteger(partNumber) || partNumber < 1 || partNumber > S3_MAX_PARTS)
    throw new InvalidPartError(`Part numbers run from 1 to ${S3_MAX_PARTS}.`);
}

/** @throws InvalidPartError */
export function assertPartSize(sizeBytes: number, { maxPartSizeBytes }: MultipartLimits): void {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > maxPartSizeBytes)
    throw new InvalidPartError(`A part has 0 to ${maxPartSizeBytes} bytes here.`);
}

/** @throws InvalidPartError when there is no part, or a part does not have a higher number than the one before. */
export function assertPartOrder(parts: readonly UploadedPart[]): void {
  if (parts.length === 0) throw new InvalidPartError('A blob has one part at least.');
  parts.reduce((previous, { partNumber }) => {
    assertPartNumber(partNumber);
    if (partNumber <= previous) throw new InvalidPartError('Parts are given in the order of their numbers.');
    return partNumber;
  }, 0);
}
