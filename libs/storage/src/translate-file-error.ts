import { isNativeError } from 'node:util/types';

import { BlobNotFoundError, BlobStoreError, BlobStoreUnavailableError } from './blob-store-errors.ts';

/** Faults of the machine rather than of the request: no space, no descriptors, no permission, a failing disk. */
const UNAVAILABLE = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'EBUSY', 'ENOMEM']);

export function hasErrorCode(error: unknown, code: string): boolean {
  return isNativeError(error) && (error as NodeJS.ErrnoException).code === code;
}

/** What a failed system call means to the caller. Anything that is not one, such as an error of the body, stays as it is. */
export function translateFileError(error: unknown, key?: string): unknown {
  if (!isNativeError(error) || error instanceof BlobStoreError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  if (code === 'ENOENT' && key !== undefined) return new BlobNotFoundError(key, { cause: error });
  if (UNAVAILABLE.has(code)) return new BlobStoreUnavailableError(`The file system refused: ${code}.`, { cause: error });
  return new BlobStoreError(`The file system failed: ${code}.`, { cause: error });
}
