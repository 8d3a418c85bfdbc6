import { describe, expect, it } from '@jest/globals';
import { addTraffic, findQuantile, findShareWithin, noTraffic } from './traffic.ts';

const buckets = { 0.1: 50, 0.3: 90, 1: 99, Infinity: 100 };
const route = { method: 'GET', route: '/v1', requests: 100, serverErrors: 1, buckets };

describe('addTraffic', () => {
  it('adds route by route, with the routes that only one has', () => {
    const other = { ...route, method: 'PUT', buckets: { Infinity: 1 } };
    const one = { coveredMinutes: 10, routes: [route] };
    expect(addTraffic(addTraffic(noTraffic, one), { coveredMinutes: 5, routes: [route, other] })).toEqual({
      coveredMinutes: 15,
      routes: [
        { ...route, requests: 200, serverErrors: 2, buckets: { 0.1: 100, 0.3: 180, 1: 198, Infinity: 200 } },
        other,
      ],
    });
  });
});

describe('findQuantile', () => {
  it.each([
    [0.25, 0.05],
    [0.5, 0.1],
    [0.7, 0.2],
    [0.99, 1],
    [1, 1], // what is beyond the last bound is not known
  ])('is for the share %d %d seconds', (share, seconds) => {
    expect(findQuantile(buckets, share)).toBeCloseTo(seconds, 9);
  });

  it('is unknown without requests', () => {
    expect([findQuantile({}, 0.5), findQuantile({ 0.1: 0, Infinity: 0 }, 0.5)]).toEqual([undefined, undefined]);
  });
});

describe('findShareWithin', () => {
  it('is what took at most so long', () => {
    expect([findShareWithin(buckets, 0.3), findShareWithin(buckets, 1)]).toEqual([0.9, 0.99]);
  });

  it('is unknown without requests', () => {
    expect(findShareWithin({}, 0.3)).toBeUndefined();
  });
});
