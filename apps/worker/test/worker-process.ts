/** The worker as `main.ts` runs it, with jobs for tests besides the product's, and with a kill point where it is told. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerJobs } from '../src/compose.ts';
import type { JobSet } from '../src/job-set.ts';
import { runWorker } from '../src/run-worker.ts';
import { KillSwitch, type KillPoint } from './kill-switch.ts';
import { testJobs } from './test-jobs.ts';

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')); // the test is gone
process.channel?.unref();

const { TEST_KILL_AT: killAt, TEST_MEMORY_FILE: memoryFile, TEST_TODAY: today } = process.env;
if (memoryFile !== undefined)
  process.on('exit', () => writeFileSync(memoryFile, String(process.resourceUsage().maxRSS * 1024)));
const killSwitch = new KillSwitch(killAt === undefined ? undefined : (JSON.parse(killAt) as KillPoint));
const jobs: JobSet = {
  catalog: { ...workerJobs.catalog, ...testJobs.catalog },
  open: (name, stores) => {
    const watched = killSwitch.watch(stores);
    const dated = today === undefined ? watched : { ...watched, now: () => new Date(today) };
    return (name in testJobs.catalog ? testJobs : workerJobs).open(name, dated);
  },
};

const { stdout, stderr, argv, env } = process;
const migrationsDirectory = join(import.meta.dirname, '../../../libs/db/migrations');
process.exitCode = await runWorker({ args: argv.slice(2), env, stdout, stderr, jobs, migrationsDirectory });
