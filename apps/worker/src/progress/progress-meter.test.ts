import { describe, expect, it } from '@jest/globals';
import { ProgressMeter } from './progress-meter.ts';

describe('ProgressMeter', () => {
  it('tells the rate, and the time left once it knows how many there are', () => {
    let clock = 0;
    const meter = new ProgressMeter(() => clock);
    expect(meter.state).toEqual({ done: 0, total: undefined, itemsPerSecond: 0, secondsLeft: undefined });
    clock = 1000;
    meter.advance(50);
    expect(meter.state).toMatchObject({ done: 50, itemsPerSecond: 50, secondsLeft: undefined });
    meter.expect(200);
    expect(meter.state).toMatchObject({ total: 200, secondsLeft: 3 });
  });

  it('follows work that becomes slower', () => {
    let clock = 0;
    const meter = new ProgressMeter(() => clock);
    meter.expect(100_000);
    for (; clock < 60_000; clock += 1000) meter.advance(1000);
    for (; clock < 90_000; clock += 1000) meter.advance(10);
    expect(meter.state.itemsPerSecond).toBeLessThan(12);
    expect(meter.state.itemsPerSecond).toBeGreaterThan(8);
  });

  it('has no time left when there are more items than it was told', () => {
    let clock = 0;
    const meter = new ProgressMeter(() => clock);
    meter.expect(10);
    clock = 1000;
    meter.advance(20);
    expect(meter.state.secondsLeft).toBe(0);
  });
});
