import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenWorkspaceCopy, type WorkspaceCopy } from '@stowage/checks/testing';
import { PgDb, sql } from '@stowage/db';
import { createTestDatabase } from '@stowage/db/testing';
import { FileBlobStore } from '@stowage/storage';
import { addToCatalog, addToComposition } from '../src/job/register-job.ts';

const page = 'docs/jobs.md';
const workerSource = 'apps/worker/src';
const job = `${workerSource}/trim-user-agents/pg-trim-user-agents.ts`;
const [catalog, composition] = [`${workerSource}/job-catalog.ts`, `${workerSource}/compose.ts`];
const imports = `import { BackfillJob } from './backfill/backfill-job.ts';
import { trimUserAgents } from './trim-user-agents/pg-trim-user-agents.ts';
`;

let workspace: WorkspaceCopy;
let blocks: ReadonlyMap<string, string>;

beforeAll(async () => {
  workspace = await givenWorkspaceCopy();
  blocks = codeBlocks(await read(page));
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

function read(path: string): Promise<string> {
  return readFile(join(workspace.root, path), 'utf8');
}

/** The blocks of code that begin with the path of a file, without that line. */
function codeBlocks(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/^```ts\n\/\/ (?<path>\S+)\n(?<code>[^]*?)^```$/gm);
  return new Map(Array.from(found, ({ groups }) => [groups?.path ?? '', groups?.code ?? '']));
}

function blockOf(path: string): string {
  const code = blocks.get(path);
  if (code === undefined) throw new Error(`${page} has no block of ${path}`);
  return code;
}

async function expectToPass(command: readonly [string, ...string[]]): Promise<void> {
  const { exitCode, printed, complaints } = await workspace.run(command);
  expect({ exitCode, said: exitCode === 0 ? '' : printed + complaints }).toEqual({ exitCode: 0, said: '' });
}

describe('the job of the page', () => {
  it('has 30 lines at most', () => {
    const lines = [job, catalog, composition].flatMap((path) => blockOf(path).trim().split('\n'));
    expect(lines.length).toBeLessThanOrEqual(30);
  });

  it('passes types, lint and format', async () => {
    await workspace.write(job, blockOf(job));
    await workspace.write(catalog, addToCatalog(await read(catalog), blockOf(catalog)) ?? '');
    const text = addToComposition(await read(composition), { imports, entry: blockOf(composition) });
    await workspace.write(composition, text ?? '');
    const files = [job, catalog, composition];
    await expectToPass(['prettier', '--write', ...files.slice(1)]);
    await expectToPass(['prettier', '--check', ...files]);
    await expectToPass(['eslint', ...files]);
    await expectToPass(['tsc', '--noEmit', '--emitDeclarationOnly', 'false', '--project', 'apps/worker/tsconfig.json']);
  });

  it('does what the page says, and nothing in a dry run', async () => {
    const serverUrl = process.env.TEST_DATABASE_URL ?? '';
    const migrationsDirectory = join(workspace.root, 'libs/db/migrations');
    await using database = await createTestDatabase({ migrationsDirectory, serverUrl });
    const connection = { url: database.url };
    await using db = PgDb.open({ connection, applicationName: 'test', onPoolError: () => undefined });
    await FileBlobStore.open({ directory: join(workspace.root, '.local/blobs') });
    await givenSessions(db);
    const work = { trimmed: 3, kept: 2 };
    expect(await runJob(database.url, '--dry-run')).toMatchObject({ counts: work, dryRun: true });
    expect(await longestUserAgent(db)).toBe(300);
    expect(await runJob(database.url)).toMatchObject({ counts: work, complete: true });
    expect(await longestUserAgent(db)).toBe(200);
    expect(await runJob(database.url)).toMatchObject({ counts: { trimmed: 0, kept: 5 } });
  });

  async function runJob(databaseUrl: string, ...options: readonly string[]): Promise<unknown> {
    await workspace.write('test.env', `DATABASE_URL=${databaseUrl}\nBLOB_DIRECTORY=${workspace.root}/.local/blobs\n`);
    const worker = ['node', '--env-file=test.env', `${workerSource}/main.ts`] as const;
    const { exitCode, printed, complaints } = await workspace.run([
      ...worker,
      'trim-user-agents',
      '--json',
      ...options,
    ]);
    expect({ exitCode, complaints: exitCode === 0 ? '' : complaints }).toEqual({ exitCode: 0, complaints: '' });
    return JSON.parse(printed);
  }
});

/** Three sessions with long user agents and two with short ones. */
async function givenSessions(db: PgDb): Promise<void> {
  await db.execute(sql('given_sessions')`
    with account as (insert into accounts (id, name) values (uuidv7(), 'Test') returning id),
      owner as (
        insert into users (id, account_id, email, password_hash, role)
        select uuidv7(), id, 'me@example.com', 'none', 'owner' from account returning id, account_id)
    insert into sessions (id, account_id, user_id, token_hash, address, user_agent, expires_at)
    select uuidv7(), account_id, owner.id, n::text::bytea, '::1', repeat('x', case when n > 2 then 300 else 20 end), now()
    from owner, generate_series(1, 5) n`);
}

async function longestUserAgent(db: PgDb): Promise<number | undefined> {
  const row = await db.row<{ longest: number }>(
    sql('longest_user_agent')`select max(length(user_agent)) as longest from sessions`,
  );
  return row?.longest;
}
