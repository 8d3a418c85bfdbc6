/** The API as `main.ts` runs it, with what tests may do to it: told by messages from the process that started it. */
import { join } from 'node:path';
import { CacheFence } from '../src/cache-epoch/cache-fence.ts';
import { reportStartFailure } from '../src/report-start-failure.ts';
import { runApi } from '../src/run-api.ts';
import { KillSwitch, type KillPoint } from './kill-switch.ts';

const killSwitch = new KillSwitch();
process.on('message', (point: KillPoint) => {
  killSwitch.arm(point);
  process.send?.('armed');
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')); // the test is gone
process.channel?.unref();

if (process.env.TEST_WITHOUT_FENCE === 'true') {
  CacheFence.prototype.publish = (change) => change().catch(() => undefined);
}

try {
  await runApi({
    env: process.env,
    migrationsDirectory: join(import.meta.dirname, '../../../libs/db/migrations'),
    wrap: {
      objects: (objects) => killSwitch.objects(objects),
      blobs: (blobs) => killSwitch.blobs(blobs),
      idempotencyKeys: (keys) => killSwitch.idempotencyKeys(keys),
    },
  });
} catch (error) {
  process.stderr.write(reportStartFailure(error));
  process.exitCode = 1;
}
