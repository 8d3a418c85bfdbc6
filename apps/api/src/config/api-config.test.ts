import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@stowage/settings';
import { apiSettings, readApiConfig } from './api-config.ts';

const local = { DATABASE_URL: 'postgres://user:secret-password@localhost/stowage' };
const production = {
  ...local,
  NODE_ENV: 'production',
  REDIS_URL: 'rediss://cache:6379',
  S3_BUCKET: 'blobs',
  PUBLIC_URL: 'https://files.example.com',
};

/** The names of the variables that are found faulty. */
function faultsOf(env: Record<string, string | undefined>): string[] {
  try {
    readApiConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.message).not.toContain('secret-password');
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0] ?? '');
  }
  return [];
}

describe('readApiConfig', () => {
  it('needs a database alone outside production, and has a default for the rest', () => {
    expect(readApiConfig(local)).toMatchObject({
      NODE_ENV: 'development',
      PORT: 5002,
      OPERATIONS_PORT: 9464,
      SIGN_UP_MODE: 'open',
      CORS_ORIGINS: [],
    });
    expect(faultsOf({})).toEqual(['DATABASE_URL']);
  });

  it('needs the real services in production', () => {
    expect(faultsOf(production)).toEqual([]);
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual(['DATABASE_URL', 'REDIS_URL', 'S3_BUCKET', 'PUBLIC_URL']);
    const { DATABASE_URL: _url, ...rest } = production;
    expect(faultsOf({ ...rest, DATABASE_HOST: 'db.example.com' })).toEqual([]);
  });

  it('names every fault at once, what is malformed and what is missing', () => {
    const env = {
      NODE_ENV: 'production',
      PORT: 'eighty',
      DRAIN_MS: '-1',
      DATABASE_URL: 'mysql://root:secret-password@db',
      SIGN_UP_MODE: 'maybe',
    };
    expect(faultsOf(env).sort()).toEqual([
      'DATABASE_URL',
      'DRAIN_MS',
      'PORT',
      'PUBLIC_URL',
      'REDIS_URL',
      'S3_BUCKET',
      'SIGN_UP_MODE',
    ]);
  });

  it('takes IAM tokens over TLS alone, with user and cache', () => {
    const iam = { REDIS_IAM_USER: 'stowage-dev-api', REDIS_IAM_CACHE: 'stowage-dev-cache' };
    expect(faultsOf({ ...production, ...iam })).toEqual([]);
    expect(faultsOf({ ...production, ...iam, REDIS_URL: 'redis://cache' })).toEqual(['REDIS_URL']);
    expect(faultsOf({ ...production, ...iam, REDIS_IAM_USER: '' })).toEqual(['REDIS_IAM_USER']);
    expect(faultsOf({ ...production, ...iam, REDIS_IAM_CACHE: '' })).toEqual(['REDIS_IAM_CACHE']);
  });

  it('takes an empty variable for none', () => {
    const settings = readApiConfig({ ...local, PORT: '', REDIS_URL: '', S3_BUCKET: undefined });
    expect([settings.PORT, settings.REDIS_URL]).toEqual([5002, undefined]);
    expect(faultsOf({ ...production, REDIS_URL: '' })).toEqual(['REDIS_URL']);
  });

  it('reads numbers, flags and lists', () => {
    const env = {
      ...local,
      PORT: '0',
      S3_FORCE_PATH_STYLE: 'true',
      MIGRATE_ON_START: 'false',
      CORS_ORIGINS: ' https://a.example.com, http://localhost:3000 ,',
      PUBLIC_URL: 'http://localhost:5002',
    };
    expect(readApiConfig(env)).toMatchObject({
      ...{ PORT: 0, S3_FORCE_PATH_STYLE: true, MIGRATE_ON_START: false },
      CORS_ORIGINS: ['https://a.example.com', 'http://localhost:3000'],
    });
  });

  it('wants to know its own origin where others are allowed', () => {
    expect(faultsOf({ ...local, CORS_ORIGINS: 'https://a.example.com' })).toEqual(['PUBLIC_URL']);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['DATABASE_POOL_MAX', '0'],
    ['MAX_OBJECT_BYTES', '0'],
    ['S3_FORCE_PATH_STYLE', 'yes'],
    ['REDIS_URL', 'http://cache'],
    ['PUBLIC_URL', 'mailto:me@example.com'],
    ['PUBLIC_URL', 'files.example.com'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example.com/'],
    ['CORS_ORIGINS', 'https://a.example.com, null'],
    ['LOG_LEVEL', 'verbose'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ ...local, PUBLIC_URL: 'https://files.example.com', [name]: value })).toEqual([name]);
  });

  it('describes every variable', () => {
    for (const [name, schema] of Object.entries(apiSettings.shape)) {
      expect({ name, description: schema.description ?? '' }).toEqual({
        name,
        description: expect.stringMatching(/\S.*\.$/),
      });
    }
  });
});
