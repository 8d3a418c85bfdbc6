/** Writes docs/infrastructure from what all environments synthesize: `npx nx run cdktf:docs`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironments } from '../environments/read-environment.ts';
import { readSynthesized } from '../policy/read-synthesized.ts';
import { synthesize } from '../synthesize.ts';
import { documentsDirectory, renderDocuments } from './render-documents.ts';

const outDirectory = mkdtempSync(join(tmpdir(), 'stowage-cdktf-'));
const environments = readEnvironments().map((environment) => {
  const own = join(outDirectory, environment.name);
  synthesize(environment, { outDirectory: own, today: new Date() });
  return { environment, graph: readSynthesized(own) };
});
rmSync(outDirectory, { recursive: true });
const documents = renderDocuments(environments);

const directory = join(import.meta.dirname, '../../../..', documentsDirectory);
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
for (const [name, text] of documents) writeFileSync(join(directory, name), text);
