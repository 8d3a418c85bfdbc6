import { describe, expect, it } from '@jest/globals';
import { captureLogs } from '@stowage/observability/testing';
import { LoggedProgress } from './logged-progress.ts';

describe('LoggedProgress', () => {
  it('says how far the run is', () => {
    let clock = 0;
    const logs = captureLogs();
    using progress = new LoggedProgress({ log: logs.logger, now: () => clock });
    progress.expect(100);
    clock = 2000;
    progress.advance(51);
    progress.write();
    expect(logs.withMessage('job under way')).toEqual([
      expect.objectContaining({ level: 'info', done: 51, total: 100, itemsPerSecond: 26, secondsLeft: 2 }),
    ]);
  });
});
