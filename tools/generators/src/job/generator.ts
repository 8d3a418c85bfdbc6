import { formatFiles, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { spell } from '../naming.ts';
import { fillTemplates, refuseExisting } from '../templates.ts';
import { editText } from '../text-edit.ts';
import {
  addToCatalog,
  addToComposition,
  catalogEntry,
  composeEntry,
  composeImports,
  type JobEntry,
} from './register-job.ts';

const worker = 'apps/worker/src';
const fiveFields = /^[\d*/,-]+(?: [\d*/,-]+){4}$/;

export interface JobOptions {
  /** What the job does, in kebab-case: `collect-garbage`. */
  readonly name: string;
  /** When it runs, in UTC. @default '0 3 * * *', daily at three */
  readonly cron?: string;
  /** In how many processes it runs, 1 to 1000. @default 1 */
  readonly shards?: number;
}

/**
 * Makes all rooms of a job of the worker and registers it with its schedule.
 * @throws Error when the schedule is none
 */
export async function generateJob(tree: Tree, options: JobOptions): Promise<GeneratorCallback> {
  const { cron = '0 3 * * *', shards = 1 } = options;
  if (!fiveFields.test(cron)) throw new Error(`"${cron}" is no schedule: it has five fields, such as "0 3 * * *".`);
  const name = spell(options.name);
  const { file, type, words, sql } = name;
  refuseExisting(tree, `${worker}/${file}`);
  const values = { name: file, Type: type, words, sql };
  await fillTemplates(tree, { of: 'job/files/src', into: `${worker}/${file}` }, values);
  await fillTemplates(tree, { of: 'job/files/test', into: 'apps/worker/test' }, values);
  register(tree, { name, cron, shards });
  await formatFiles(tree);
  return () =>
    logger.info(`Next: say what it does in ${worker}/job-catalog.ts, and have it do that: docs/jobs.md tells how.`);
}

function register(tree: Tree, job: JobEntry): void {
  const [entry, imports, made] = [catalogEntry(job), composeImports(job.name), composeEntry(job.name)];
  editText(tree, `${worker}/job-catalog.ts`, { change: (text) => addToCatalog(text, entry), byHand: entry });
  editText(tree, `${worker}/compose.ts`, {
    change: (text) => addToComposition(text, { imports, entry: made }),
    byHand: `${imports}and to the jobs:\n${made}`,
  });
}
