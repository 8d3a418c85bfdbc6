import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { RequestDraws } from './request-draws.ts';

const origin = { seed: randomBytes(32), startedAt: new Date('2026-01-02T03:04:05.678Z') };
const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

async function draw(draws: RequestDraws): Promise<{ ids: readonly string[]; secrets: readonly Buffer[]; now: Date }> {
  const id = draws.newId();
  const secret = draws.newSecret();
  await Promise.resolve();
  return { ids: [id, draws.newId()], secrets: [secret, draws.newSecret()], now: draws.now() };
}

describe('RequestDraws', () => {
  const draws = new RequestDraws();

  it('draws the same again from the same origin', async () => {
    const first = await draws.repeat(origin, () => draw(draws));
    expect(await draws.repeat(origin, () => draw(draws))).toEqual(first);
    expect(await new RequestDraws().repeat(origin, async () => draw(draws))).not.toEqual(first);
  });

  it('draws something else each time within an execution', async () => {
    const { ids, secrets, now } = await draws.repeat(origin, () => draw(draws));
    expect(new Set(ids).size).toBe(2);
    expect(new Set(secrets.map(String)).size).toBe(2);
    expect(secrets.map(({ length }) => length)).toEqual([32, 32]);
    expect(now).toEqual(origin.startedAt);
  });

  it('keeps executions at the same time apart', async () => {
    const other = { ...origin, seed: randomBytes(32) };
    const alone = [await draws.repeat(origin, () => draw(draws)), await draws.repeat(other, () => draw(draws))];
    const together = await Promise.all([origin, other].map((from) => draws.repeat(from, () => draw(draws))));
    expect(together).toEqual(alone);
    expect(alone[0]).not.toEqual(alone[1]);
  });

  it('makes UUIDs of version 7 that order by the time of the first execution', async () => {
    const later = { ...origin, startedAt: new Date(origin.startedAt.getTime() + 1) };
    const { ids } = await draws.repeat(origin, () => draw(draws));
    const { ids: laterIds } = await draws.repeat(later, () => draw(draws));
    for (const id of [...ids, ...laterIds, draws.newId()]) expect(id).toMatch(uuid7);
    expect(Math.max(...ids.map(timeOf))).toBe(origin.startedAt.getTime());
    expect(Math.min(...laterIds.map(timeOf))).toBe(later.startedAt.getTime());
  });

  it('draws at random outside of an execution', () => {
    expect(draws.newId()).not.toBe(draws.newId());
    expect(draws.newSecret()).not.toEqual(draws.newSecret());
    expect(draws.now().getTime()).toBeGreaterThan(origin.startedAt.getTime());
  });
});

function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
}
