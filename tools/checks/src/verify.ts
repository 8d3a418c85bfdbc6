/** Checks the layout of the repository and its generated documents: `npx nx run checks:verify`. */
import { join } from 'node:path';
import { runWorkspaceChecks } from './workspace-checks.ts';

const results = await runWorkspaceChecks(join(import.meta.dirname, '../../..'));
process.exitCode = results.every(({ failures }) => failures.length === 0) ? 0 : 1;
