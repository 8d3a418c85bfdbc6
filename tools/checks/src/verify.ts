/** Checks the layout of the repository and its generated documents: `npx nx run checks:verify`. */
import { join } from 'node:path';
import { runWorkspaceChecks } from './workspace-checks.ts';

const passed = await runWorkspaceChecks(join(import.meta.dirname, '../../..'));
process.exitCode = passed.every(Boolean) ? 0 : 1;
