import { describe, expect, it } from '@jest/globals';
import { createRequestFilter } from './request-sampling.ts';

const SAMPLED = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
const NOT_SAMPLED = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00' };

describe('createRequestFilter', () => {
  it.each(['/health', '/livez', '/readyz', '/metrics', '/health?x=1'])('ignores %s', (url) => {
    expect(createRequestFilter({ ratio: 1 })({ url, headers: {} })).toBe(true);
  });

  it('records the given share', () => {
    const draws = [0, 0.24, 0.25, 0.99];
    const ignored = createRequestFilter({ ratio: 0.25, random: () => draws.shift() ?? 0 });
    expect([1, 2, 3, 4].map(() => ignored({ url: '/v1', headers: {} }))).toEqual([false, false, true, true]);
  });

  it('records all at 1 and none at 0', () => {
    const request = { url: '/v1', headers: {} };
    expect(createRequestFilter({ ratio: 1, random: () => 0.999_999 })(request)).toBe(false);
    expect(createRequestFilter({ ratio: 0, random: () => 0 })(request)).toBe(true);
  });

  it('does not let strangers decide what is recorded', () => {
    expect(createRequestFilter({ ratio: 0 })({ url: '/v1', headers: SAMPLED })).toBe(true);
  });

  it('follows callers that are trusted, and the ratio where they say nothing', () => {
    const ignored = createRequestFilter({ ratio: 0, trustIncomingSampling: true });
    expect(ignored({ url: '/v1', headers: SAMPLED })).toBe(false);
    expect(ignored({ url: '/v1', headers: {} })).toBe(true);
    const recording = createRequestFilter({ ratio: 1, trustIncomingSampling: true });
    expect(recording({ url: '/v1', headers: NOT_SAMPLED })).toBe(true);
  });
});
