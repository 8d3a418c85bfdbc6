import { BlobNotFoundError, BlobStoreError, BlobStoreUnavailableError } from './blob-store-errors.ts';

/** Faults of the machine rather than of the request: no space, no descriptors, no permission, a failing disk. */
const UNAVAILABLE = new Set([
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'EBUSY',
  'ENOMEM',
]);

/** What a failed system call means to the caller. Anything that is not one, such as an error of the body, stays as it is. */
export function translateFileError(error: unknown, key?: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const options = { cause: error };
  if (code === 'ENOENT' && key !== undefined) return new BlobNotFoundError(key, options);
  if (UNAVAILABLE.has(code)) return new BlobStoreUnavailableError(`The file system refused: ${code}.`, options);
  return new BlobStoreError(`The file system failed: ${code}.`, options);
}

export function hasErrorCode(error: unknown, code: string): boolean {
  return systemErrorCode(error) === code;
}

/** The errors of Node's own modules are no `instanceof Error` inside a VM context, such as that of a Jest test. */
function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
