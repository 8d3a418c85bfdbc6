import { formatFiles, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { capitalize, spell } from '../naming.ts';
import { fillTemplates, refuseExisting } from '../templates.ts';

const worker = 'apps/worker/src';
const jobInterface = `${worker}/job.ts`;

export interface JobOptions {
  /** What the job is about, in kebab-case: `storage-usage`. */
  readonly name: string;
}

/**
 * Makes all rooms of a job of the worker.
 * @throws Error when the workspace has no worker yet
 */
export async function generateJob(tree: Tree, { name }: JobOptions): Promise<GeneratorCallback> {
  if (!tree.exists(jobInterface)) {
    throw new Error(
      `There is no ${jobInterface}: this workspace has no worker that could run a job. Nothing was made.`,
    );
  }
  const { file, variable, type, words, sql } = spell(name);
  refuseExisting(tree, `${worker}/${file}`);
  const values = { name: file, variable, Type: type, words, Words: capitalize(words), sql };
  await fillTemplates(tree, { of: 'job/files', into: `${worker}/${file}` }, values);
  await formatFiles(tree);
  return () =>
    logger.info(`Next: write the question in pg-${file}-reader.ts, and name the job in ${worker}/compose.ts:
  '${file}': new ${type}Job(new Pg${type}Reader(db))`);
}
