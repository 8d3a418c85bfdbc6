import { InvalidBlobKeyError } from './blob-store-errors.ts';

const BLOB_KEY = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
const MAX_KEY_LENGTH = 200;

/** No dots, so that no key can name a parent directory or a hidden file. */
export function isBlobKey(key: string): boolean {
  return key.length <= MAX_KEY_LENGTH && BLOB_KEY.test(key);
}

/** @throws InvalidBlobKeyError */
export function assertBlobKey(key: string): void {
  if (!isBlobKey(key)) throw new InvalidBlobKeyError();
}
