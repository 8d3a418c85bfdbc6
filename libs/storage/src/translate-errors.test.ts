import { describe, expect, it } from '@jest/globals';

import {
  BlobNotFoundError,
  BlobSizeMismatchError,
  BlobStoreError,
  BlobStoreUnavailableError,
  InvalidPartError,
  MultipartUploadNotFoundError,
} from './blob-store-errors.ts';
import { translateFileError } from './translate-file-error.ts';
import { translateS3Error } from './translate-s3-error.ts';

const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: 'open' });
const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

describe('translateFileError', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EACCES', 'EROFS', 'EIO'])('calls %s unavailable', (code) => {
    const error = systemError(code);

    expect(translateFileError(error, 'key')).toBeInstanceOf(BlobStoreUnavailableError);
    expect(translateFileError(error, 'key')).toMatchObject({ cause: error });
  });

  it('calls ENOENT not found where a blob was asked for', () => {
    expect(translateFileError(systemError('ENOENT'), 'key')).toBeInstanceOf(BlobNotFoundError);
    expect(translateFileError(systemError('ENOENT'))).toBeInstanceOf(BlobStoreError);
  });

  it('leaves errors of the body and our own as they are', () => {
    for (const error of [
      new Error('client gone'),
      Object.assign(new Error('aborted'), { code: 'ECONNRESET' }),
      new BlobSizeMismatchError({ expectedBytes: 1, receivedBytes: 2 }),
    ])
      expect(translateFileError(error)).toBe(error);
  });
});

describe('translateS3Error', () => {
  it.each([
    ['a slow-down', named('SlowDown', { $metadata: { httpStatusCode: 503 } }), BlobStoreUnavailableError],
    ['an unknown server fault', named('Weird', { $metadata: { httpStatusCode: 502 } }), BlobStoreUnavailableError],
    ['too many requests', named('Weird', { $metadata: { httpStatusCode: 429 } }), BlobStoreUnavailableError],
    ['a refused connection', systemError('ECONNREFUSED'), BlobStoreUnavailableError],
    ['an SDK time-out', named('TimeoutError'), BlobStoreUnavailableError],
    ['missing credentials', named('CredentialsProviderError'), BlobStoreUnavailableError],
    ['a part too small', named('EntityTooSmall', { $metadata: { httpStatusCode: 400 } }), InvalidPartError],
    ['any other refusal', named('InvalidArgument', { $metadata: { httpStatusCode: 400 } }), BlobStoreError],
    ['what is no error', 'text', BlobStoreError],
  ])('knows %s', (_, error, type) => {
    const translated = translateS3Error(error, { key: 'key' });

    expect(translated.constructor).toBe(type);
    expect(translated.cause).toBe(error);
  });

  it('tells a missing blob from a missing upload', () => {
    expect(translateS3Error(named('NoSuchKey'), { key: 'k' })).toBeInstanceOf(BlobNotFoundError);
    expect(translateS3Error(named('NoSuchUpload'), { key: 'k', uploadId: 'u' })).toBeInstanceOf(
      MultipartUploadNotFoundError,
    );
  });
});
