import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from './single-flight.ts';

function givenFetches(): { fetch: () => Promise<number>; land: (value: number) => void; begun: () => number } {
  const gates: PromiseWithResolvers<number>[] = [];
  let landed = 0;
  const fetch = (): Promise<number> => {
    const gate = Promise.withResolvers<number>();
    gates.push(gate);
    return gate.promise;
  };
  return { fetch, begun: () => gates.length, land: (value) => gates[landed++]?.resolve(value) };
}

describe('SingleFlight', () => {
  it('lets those who ask meanwhile join, and nobody afterwards', async () => {
    const flights = new SingleFlight<number>();
    const { fetch, land, begun } = givenFetches();
    const asked = [flights.join('a', fetch), flights.join('a', fetch)];
    land(1);
    expect(await Promise.all(asked)).toEqual([1, 1]);
    const after = flights.join('a', fetch);
    land(2);
    expect(await after).toBe(2);
    expect(begun()).toBe(2);
  });

  it('joins only flights of the same mark, young enough and not forgotten', async () => {
    const flights = new SingleFlight<number>();
    const { fetch, begun } = givenFetches();
    void flights.join('a', fetch, { mark: 'e1' });
    void flights.join('a', fetch, { mark: 'e2' });
    expect(begun()).toBe(2);
    void flights.join('a', fetch, { mark: 'e2', youngerThanMs: 0 });
    expect(begun()).toBe(3);
    flights.forget('a');
    void flights.join('a', fetch, { mark: 'e2' });
    expect(begun()).toBe(4);
  });

  it('joinNext: begins at once where nothing is under way', async () => {
    const flights = new SingleFlight<number>();
    const { fetch, land, begun } = givenFetches();
    const asked = flights.joinNext('a', fetch);
    expect(begun()).toBe(1);
    land(1);
    expect(await asked).toBe(1);
  });

  it('joinNext: waits for the one under way, also when that fails, and shares the next', async () => {
    const flights = new SingleFlight<number>();
    const failing = Promise.withResolvers<number>();
    const first = flights.join('a', () => failing.promise);
    const { fetch, land, begun } = givenFetches();
    const next = [flights.joinNext('a', fetch), flights.joinNext('a', fetch)];
    expect(begun()).toBe(0);
    failing.reject(new Error('lost'));
    await expect(first).rejects.toThrow('lost');
    await Promise.resolve();
    expect(begun()).toBe(1);
    const third = flights.joinNext('a', fetch);
    expect(begun()).toBe(1);
    land(2);
    expect(await Promise.all(next)).toEqual([2, 2]);
    land(3);
    expect(await third).toBe(3);
  });
});
