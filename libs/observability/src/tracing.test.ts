import { describe, expect, it } from '@jest/globals';
import { currentTrace, isTracing, setTraceRoute, startTracing, stopTracing } from './tracing.ts';

describe('tracing that is off', () => {
  it.each([undefined, ''])('endpoint %j: answers off and costs nothing', async (endpoint) => {
    expect(await startTracing({ serviceName: 'api', endpoint })).toBe('off');
    expect(isTracing()).toBe(false);
    expect(currentTrace()).toBeUndefined();
    expect(() => setTraceRoute('GET', '/')).not.toThrow();
    await expect(stopTracing()).resolves.toBeUndefined();
  });
});
