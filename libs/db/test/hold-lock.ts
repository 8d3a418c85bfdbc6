/** Holds the lock that its arguments name, URL and name, until it is killed. */
import { AdvisoryLock } from '../src/index.ts';

const [url = '', name = ''] = process.argv.slice(2);
const lock = await AdvisoryLock.tryAcquire({ connection: { url }, name, applicationName: `lock ${name}` });
process.send?.(lock !== undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')); // the test is gone
