import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError } from './idempotency-errors.ts';
import type { IdempotentRequest } from './idempotency-key.ts';
import type { IdempotencyRepository } from './idempotency-repository.ts';
import { IdempotentRequests, type Answer } from './idempotent-requests.ts';
import { MemoryIdempotencyRepository } from './memory-idempotency-repository.ts';
import { RequestDraws } from './request-draws.ts';

const minute = 60_000;

interface Requests {
  readonly requests: IdempotentRequests;
  readonly draws: RequestDraws;
  readonly advance: (ms: number) => void;
}

function givenRequests(wrap: (keys: IdempotencyRepository) => Partial<IdempotencyRepository> = () => ({})): Requests {
  let time = Date.parse('2026-01-02T03:04:05Z');
  const memory = new MemoryIdempotencyRepository(() => time);
  const keys: IdempotencyRepository = {
    claim: (claim) => memory.claim(claim),
    finish: (holder, answer) => memory.finish(holder, answer),
    release: (holder) => memory.release(holder),
    ...wrap(memory),
  };
  const draws = new RequestDraws();
  const requests = new IdempotentRequests({ keys, draws, newId: randomUUID, now: () => new Date(time) });
  return { requests, draws, advance: (ms) => void (time += ms) };
}

function givenRequest(fields: Partial<IdempotentRequest> = {}): IdempotentRequest {
  return { caller: 'ada', method: 'POST', route: '/v1/things', key: randomUUID(), content: { name: 'a' }, ...fields };
}

/** An execution that counts how often it was done. */
function givenExecution(status = 201): { execute: () => Promise<Answer>; answer: Answer; done: () => number } {
  let done = 0;
  const answer = { status, headers: { location: '/v1/things/a' }, body: '{"name":"Grüße"}' };
  return {
    execute: async () => {
      done += 1;
      return answer;
    },
    answer,
    done: () => done,
  };
}

describe('IdempotentRequests', () => {
  it.each([201, 409])('executes once and answers the same %d again', async (status) => {
    const { requests } = givenRequests();
    const { execute, answer, done } = givenExecution(status);
    const request = givenRequest();
    expect(await requests.run(request, execute)).toEqual({ answer, replayed: false });
    expect(await requests.run(request, execute)).toEqual({ answer, replayed: true });
    expect(done()).toBe(1);
  });

  it('executes the requests of two callers apart', async () => {
    const { requests } = givenRequests();
    const { execute, done } = givenExecution();
    const request = givenRequest();
    await requests.run(request, execute);
    expect(await requests.run({ ...request, caller: 'bob' }, execute)).toMatchObject({ replayed: false });
    expect(done()).toBe(2);
  });

  it('refuses another request with the key, finished or running', async () => {
    const { requests } = givenRequests();
    const { execute, done } = givenExecution();
    const request = givenRequest();
    const other = { ...request, content: { name: 'b' } };
    await requests.run(request, async () => {
      await expect(requests.run(other, execute)).rejects.toBeInstanceOf(IdempotencyKeyReusedError);
      return execute();
    });
    await expect(requests.run(other, execute)).rejects.toBeInstanceOf(IdempotencyKeyReusedError);
    expect(done()).toBe(1);
  });

  it('refuses the same request while the first is executed', async () => {
    const { requests } = givenRequests();
    const { execute, done } = givenExecution();
    const request = givenRequest();
    await requests.run(request, async () => {
      await expect(requests.run(request, execute)).rejects.toBeInstanceOf(IdempotencyKeyInUseError);
      return execute();
    });
    expect(done()).toBe(1);
  });

  it('does not record what failed, and draws the same when it comes again', async () => {
    const { requests, draws } = givenRequests();
    const request = givenRequest();
    const drawn: (readonly [string, string, Date])[] = [];
    const answers = [503, 201].map((status) => async (): Promise<Answer> => {
      drawn.push([draws.newId(), draws.newSecret().toString('hex'), draws.now()]);
      return givenExecution(status).answer;
    });
    for (const execute of answers) await requests.run(request, execute);
    expect(drawn[1]).toEqual(drawn[0]);
    expect(await requests.run(request, givenExecution().execute)).toMatchObject({ replayed: true });
  });

  it('lets it come again when the execution throws', async () => {
    const { requests } = givenRequests();
    const request = givenRequest();
    const gone = new Error('The client went away');
    await expect(requests.run(request, () => Promise.reject(gone))).rejects.toBe(gone);
    expect(await requests.run(request, givenExecution().execute)).toMatchObject({ replayed: false });
  });

  it('tells the failure, not that the key could not be released', async () => {
    const { requests, advance } = givenRequests(() => ({ release: () => Promise.reject(new Error('no database')) }));
    const { execute, answer } = givenExecution(500);
    const request = givenRequest();
    expect(await requests.run(request, execute)).toEqual({ answer, replayed: false });
    await expect(requests.run(request, execute)).rejects.toBeInstanceOf(IdempotencyKeyInUseError);
    advance(minute);
    expect(await requests.run(request, givenExecution().execute)).toMatchObject({ replayed: false });
  });

  it('draws the same after a crash before the record, once the lock has run out', async () => {
    let crashes = true;
    const { requests, draws, advance } = givenRequests((keys) => ({
      finish: async (holder, answer) => {
        if (crashes) throw new Error('crash');
        return keys.finish(holder, answer);
      },
    }));
    const request = givenRequest();
    const execute = async (): Promise<Answer> => ({
      ...givenExecution().answer,
      body: draws.newId() + draws.now().toISOString(),
    });
    const bodies: string[] = [];
    const noting = async (): Promise<Answer> => {
      const answer = await execute();
      bodies.push(answer.body);
      return answer;
    };
    await expect(requests.run(request, noting)).rejects.toThrow('crash');
    crashes = false;
    await expect(requests.run(request, noting)).rejects.toBeInstanceOf(IdempotencyKeyInUseError);
    advance(minute);
    const { answer } = await requests.run(request, noting);
    expect(bodies).toEqual([answer.body, answer.body]);
  });

  it('has one answer when it was taken for dead and was not', async () => {
    const { requests, advance } = givenRequests();
    const request = givenRequest();
    const { execute, answer } = givenExecution();
    const slow = requests.run(request, async () => {
      advance(minute);
      await requests.run(request, execute);
      return { ...answer, status: 409 };
    });
    await expect(slow).rejects.toBeInstanceOf(IdempotencyKeyInUseError);
    expect(await requests.run(request, execute)).toEqual({ answer, replayed: true });
  });

  it('forgets a key after a day', async () => {
    const { requests, advance } = givenRequests();
    const { execute, done } = givenExecution();
    const request = givenRequest();
    await requests.run(request, execute);
    advance(24 * 60 * minute - 1);
    expect(await requests.run(request, execute)).toMatchObject({ replayed: true });
    advance(1);
    expect(await requests.run({ ...request, content: {} }, execute)).toMatchObject({ replayed: false });
    expect(done()).toBe(2);
  });
});
