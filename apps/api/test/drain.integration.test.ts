import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { answerOf, open } from './generated-content.ts';
import { givenAccount, givenBucket } from './given.ts';
import { LoadBalancer } from './load-balancer.ts';
import { givenInstallation, spawnApi, untilStatus, type ApiProcess, type Installation } from './spawn-api.ts';

const mib = 1024 ** 2;

describe('SIGTERM', () => {
  it('under load behind a balancer fails no request and ends with code 0', async () => {
    await using installation = await givenInstallation();
    // Long enough for the balancer's probes on a busy machine.
    const start = (): Promise<ApiProcess> => spawnApi(installation, { env: { DRAIN_MS: '5000' } });
    await using opened = new AsyncDisposableStack();
    using balancer = new LoadBalancer();
    let serving = opened.use(await start());
    await balancer.add(serving);
    const { token, ...client } = await givenAccount(serving);
    const bucket = await givenBucket(client as Parameters<typeof givenBucket>[0]);
    let answered = 0;
    const load = new AbortController();
    const clients = Array.from({ length: 8 }, async (_, index) => {
      const path = `/v1/buckets/${bucket}/objects/client-${index}`;
      while (!load.signal.aborted) {
        const body = randomBytes(32 * 1024);
        expect((await balancer.send({ method: 'PUT', path, token, body })).status).toBeLessThan(300);
        expect(await balancer.send({ method: 'GET', path, token })).toEqual({ status: 200, bytes: body });
        answered += 2;
      }
    });
    const failure = Promise.all(clients);
    for (let restarts = 0; restarts < 3; restarts += 1) {
      const next = opened.use(await start());
      await balancer.add(next);
      const exit = await Promise.race([serving.kill('SIGTERM'), failure]);
      expect(exit).toMatchObject({ code: 0, signal: null, stderr: '' });
      serving = next;
    }
    load.abort();
    await failure;
    expect(answered).toBeGreaterThan(100);
    expect(balancer.answersWhileDraining).toBeGreaterThan(0);
  });

  it('lets an upload end that a slow client began before, and says meanwhile that it is draining', async () => {
    await using installation = await givenInstallation();
    await using api = await spawnApi(installation, { env: { DRAIN_MS: '100', SHUTDOWN_MS: '60000' } });
    const { put, answer } = await givenHalfAnUpload(api, installation);
    const exit = api.kill('SIGTERM');
    await untilRefused(api);
    expect((await fetch(`${api.operationsUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${api.operationsUrl}/readyz`)).status).toBe(503);
    put.end(Buffer.alloc(mib));
    const response = await answer;
    expect([response.statusCode, ((await json(response)) as { sizeBytes: number }).sizeBytes]).toEqual([201, 2 * mib]);
    expect(await exit).toMatchObject({ code: 0, stderr: '' });
  });

  it('cuts what has not ended at the deadline', async () => {
    await using installation = await givenInstallation();
    await using api = await spawnApi(installation, { env: { DRAIN_MS: '0', SHUTDOWN_MS: '300' } });
    const { answer } = await givenHalfAnUpload(api, installation);
    const cut = expect(answer).rejects.toThrow();
    expect(await api.kill('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    await cut;
  });

  it('answers 503 at GET /health for as long as it drains', async () => {
    await using installation = await givenInstallation();
    await using api = await spawnApi(installation, { env: { DRAIN_MS: '600000' } });
    void api.kill('SIGTERM');
    await untilStatus(`${api.url}/health`, 503);
  });
});

/** The first MiB of two is on its way. */
async function givenHalfAnUpload(
  api: ApiProcess,
  { blobDirectory }: Installation,
): Promise<{ put: ReturnType<typeof open>; answer: ReturnType<typeof answerOf> }> {
  const client = await givenAccount(api);
  const bucket = await givenBucket(client);
  const to = { url: `${api.url}/v1/buckets/${bucket}/objects/slow`, token: client.token };
  const put = open('PUT', to, { 'content-length': 2 * mib });
  const answer = answerOf(put);
  answer.catch(() => undefined); // the caller looks at it later
  await new Promise((resolve) => put.write(Buffer.alloc(mib), resolve));
  // The system takes bytes for a process that has not come to them yet.
  while ((await readdir(join(blobDirectory, 'incoming'))).length === 0) await delay(20);
  return { put, answer };
}

/** Resolves when the process takes no connection any more. */
async function untilRefused({ url }: ApiProcess): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const refused = await once(socket, 'connect').then(
      () => false,
      () => true,
    );
    socket.destroy();
    if (refused) return;
    await delay(20);
  }
}
