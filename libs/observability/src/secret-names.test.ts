import { describe, expect, it } from '@jest/globals';
import { isSecretName } from './secret-names.ts';

describe('isSecretName', () => {
  it.each([
    ...['authorization', 'Proxy-Authorization', 'cookie', 'Set-Cookie', 'setCookie', 'password', 'newPassword'],
    ...['PGPASSWORD', 'token', 'accessToken', 'accesstoken', 'X-Amz-Security-Token', 'secret', 'client_secret'],
    ...[
      'link',
      'shareLink',
      'key',
      'objectKey',
      'x-api-key',
      'apikey',
      'AWS_SECRET_ACCESS_KEY',
      'tokenHash',
      'rawHeaders',
    ],
  ])('%s is secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    ...['keyCount', 'tokenId', 'monkey', 'author', 'route', 'bucket', 'hash', 'passwordChangedAt', 'linkId', 'blink'],
    ...['secretary', '', '_', 'cookieCount', 'content-type'],
  ])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
