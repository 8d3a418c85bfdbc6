import { cp, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkDocuments, renderDocuments, writeDocuments } from './documents.ts';

const repository = join(__dirname, '../../..');
const documents = renderDocuments();

let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'stowage-documents-'));
  await cp(join(repository, 'docs'), join(copy, 'docs'), { recursive: true });
});

afterEach(() => rm(copy, { recursive: true, force: true }));

describe('the generated documents', () => {
  it('agree with the code', async () => {
    expect(await checkDocuments(repository, documents)).toEqual([]);
  });

  it('are found when they are missing, changed or left over', async () => {
    await unlink(join(copy, 'docs/configuration.md'));
    await writeFile(join(copy, 'docs/problems/internal-error.md'), 'It broke.');
    await writeFile(join(copy, 'docs/problems/no-such-code.md'), 'Old.');
    const found = (await checkDocuments(copy, documents)).map(({ path }) => path);
    expect(found.sort()).toEqual([
      'docs/configuration.md',
      'docs/problems/internal-error.md',
      'docs/problems/no-such-code.md',
    ]);
  });

  it('are mended by writing them', async () => {
    await writeFile(join(copy, 'docs/problems/no-such-code.md'), 'Old.');
    await rm(join(copy, 'docs/configuration.md'));
    await writeDocuments(copy, documents);
    expect(await checkDocuments(copy, documents)).toEqual([]);
  });
});
