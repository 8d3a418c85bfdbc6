import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileBlobStore } from '@stowage/storage';
import { givenAccount, givenBucket, send, type Client } from './given.ts';
import { killPoints, type KillPoint } from './kill-switch.ts';
import { givenInstallation, spawnApi, type ApiProcess, type Installation } from './spawn-api.ts';
import { inspectStores, readAll } from './stored-state.ts';
import { UploadsUnderKills } from './uploads-under-kills.ts';

const bodyBytes = 1024 * 1024;

describe('kill -9 of the API in an upload', () => {
  let installation: Installation;
  let api: ApiProcess;
  let client: Client;
  let bucket: string;
  /** SHA-256 by key of all that must be there. */
  const expected = new Map<string, string>();

  beforeAll(async () => {
    installation = await givenInstallation();
    api = await spawnApi(installation);
    client = await givenAccount(api);
    bucket = await givenBucket(client);
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await installation[Symbol.asyncDispose]();
  });

  /** The client, at the process that runs now. */
  const now: Pick<Client, 'call'> = {
    call: (method, path, init = {}) =>
      send(api, method, path, { ...init, headers: { authorization: `Bearer ${client.token}`, ...init.headers } }),
  };

  async function upload(key: string, body: Buffer): Promise<number> {
    const { status } = await now.call('PUT', `/v1/buckets/${bucket}/objects/${key}`, { body });
    if (status < 300) expected.set(key, sha256(body));
    return status;
  }

  async function killDuringUpload(point: KillPoint, key: string, body: Buffer): Promise<void> {
    await api.killAt(point);
    await expect(upload(key, body)).rejects.toThrow();
    expect((await api.exited).signal).toBe('SIGKILL');
    api = await spawnApi(installation);
  }

  it.each(killPoints)('%s, of a new key: all holds after the restart, and the same upload works', async (point) => {
    const key = `new-${point}`;
    const body = randomBytes(bodyBytes);
    await killDuringUpload(point, key, body);

    expect((await inspectStores(installation)).faults).toEqual([]);
    if (point === 'after-commit') expected.set(key, sha256(body)); // committed, though nobody was told
    expect(await readAll(now, bucket)).toEqual(expected);
    expect(await upload(key, body)).toBe(point === 'after-commit' ? 200 : 201);
    expect(await readAll(now, bucket)).toEqual(expected);
  });

  it.each(killPoints)('%s, of an overwrite: the old version is served whole', async (point) => {
    const key = `overwritten-${point}`;
    const body = randomBytes(bodyBytes);
    expect(await upload(key, randomBytes(bodyBytes))).toBe(201);
    await killDuringUpload(point, key, body);

    expect((await inspectStores(installation)).faults).toEqual([]);
    const visible = await readAll(now, bucket);
    // Committed, but nobody was told: the old version or the new.
    if (point === 'after-commit' && visible.get(key) === sha256(body)) expected.set(key, sha256(body));
    expect(visible).toEqual(expected);
    expect(await upload(key, body)).toBe(200);
    expect(await readAll(now, bucket)).toEqual(expected);
  });

  it('leaves nothing but pending blobs and cut bodies, which a job can remove', async () => {
    const { pendingBlobs, incomingFiles, faults } = await inspectStores(installation);
    expect(faults).toEqual([]);
    // Mid-stream and before the commit, twice; the latter have whole bodies.
    expect({ pendingBlobs, incomingFiles }).toEqual({ pendingBlobs: 4, incomingFiles: 2 });
    const store = await FileBlobStore.open({ directory: installation.blobDirectory });
    expect(await store.removeAbandoned(0)).toBe(2);
    expect(await readdir(join(installation.blobDirectory, 'incoming'))).toEqual([]);
    expect(await readAll(now, bucket)).toEqual(expected);
  });
});

describe('kill -9 of the API at any time', () => {
  it('breaks nothing in 50 kills of three processes under concurrent uploads', async () => {
    await using installation = await givenInstallation();
    await using uploads = await UploadsUnderKills.start(installation, { processes: 3, writers: 4 });
    for (let kills = 0; kills < 50; kills += 1) {
      await uploads.nextAcknowledgement();
      await uploads.killOne();
    }
    const { client, bucket } = await uploads.finish();

    expect((await inspectStores(installation)).faults).toEqual([]);
    const visible = await readAll(client, bucket);
    for (const [key, possible] of uploads.possibleContents)
      expect([key, possible]).toEqual([key, expect.arrayContaining([visible.get(key)])]);
    expect(uploads.acknowledged).toBeGreaterThanOrEqual(50);
    expect(uploads.cut).toBeGreaterThan(0);
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
