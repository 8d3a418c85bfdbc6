import { describe, expect, it } from '@jest/globals';
import { readWorkerConfig, workerSettings } from './worker-config.ts';

const local = { DATABASE_URL: 'postgres://user:secret@localhost/stowage' };

describe('readWorkerConfig', () => {
  it('needs a database alone outside production', () => {
    expect(readWorkerConfig(local)).toMatchObject({ BLOB_DIRECTORY: '.local/blobs', DATABASE_USER: 'stowage_worker' });
    expect(() => readWorkerConfig({})).toThrow(
      /\n {2}DATABASE_URL: not set; `npx nx run worker:run` starts a database/,
    );
  });

  it('needs the real services in production', () => {
    const production = { NODE_ENV: 'production' };
    expect(() => readWorkerConfig(production)).toThrow(
      /\n {2}DATABASE_URL: required .*\n {2}S3_BUCKET: required in production$/,
    );
    expect(() => readWorkerConfig({ ...production, DATABASE_HOST: 'db', S3_BUCKET: 'blobs' })).not.toThrow();
  });

  it('describes every variable', () => {
    for (const [name, schema] of Object.entries(workerSettings.shape)) {
      expect({ name, description: schema.description ?? '' }).toEqual({
        name,
        description: expect.stringMatching(/\S.*\.$/),
      });
    }
  });
});
