/** Writes docs/configuration.md and docs/problems from the code: `npx nx run checks:docs`. */
import { join } from 'node:path';
import { renderDocuments, writeDocuments } from './documents.ts';

await writeDocuments(join(import.meta.dirname, '../../..'), renderDocuments());
