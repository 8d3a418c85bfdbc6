import { describe, expect, it } from '@jest/globals';
import { elastiCacheCredentials } from './elasticache-credentials.ts';

const options = {
  ...{ cacheName: 'Stowage-Dev-Cache', user: 'stowage-dev-api', region: 'eu-west-1' },
  identity: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'token/with+signs==',
  },
};

describe('elastiCacheCredentials', () => {
  it('signs what botocore signs, in the way of the AWS documentation', async () => {
    const now = (): Date => new Date('2026-01-02T03:04:05Z');
    const { username, password } = await elastiCacheCredentials({ ...options, now })();
    expect(username).toBe('stowage-dev-api');
    const token = new URL(`https://${password}`);
    expect([token.host, token.pathname]).toEqual(['stowage-dev-cache', '/']);
    // From botocore 1.43.11: RequestSigner(…, 'elasticache', 'v4', …).generate_presigned_url(…), the same names at the same time.
    expect(Object.fromEntries(token.searchParams)).toEqual({
      Action: 'connect',
      User: 'stowage-dev-api',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20260102/eu-west-1/elasticache/aws4_request',
      'X-Amz-Date': '20260102T030405Z',
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Security-Token': 'token/with+signs==',
      'X-Amz-Signature': '510e79aeb8707be073e9aaa8790bd9977ec9a7fe2c22003a33a106209e2231c1',
    });
  });

  it('makes a token anew each time', async () => {
    let seconds = 0;
    const credentials = elastiCacheCredentials({ ...options, now: () => new Date((seconds += 1) * 1_000) });
    const [first, second] = [await credentials(), await credentials()];
    expect(first.password).not.toBe(second.password);
  });

  it('rejects when there is nobody to sign', async () => {
    const credentials = elastiCacheCredentials({ ...options, identity: () => Promise.reject(new Error('no role')) });
    await expect(credentials()).rejects.toThrow('no role');
  });
});
