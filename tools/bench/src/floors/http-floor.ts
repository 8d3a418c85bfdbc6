import { randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Pool } from 'pg';
import { onePage, oneRow, type FloorQuery } from './floor-queries.ts';

/**
 * What Node itself can do, without a service around it, in a process of its own:
 * `GET /small` answers bytes from memory, `GET /file` streams a file, `GET /range` 64 KiB of it, `GET /row/BUCKET/KEY` and
 * `GET /page/BUCKET/KEY` answer rows of the database as JSON, and `PUT` writes a file, flushes it, and inserts a row. Arguments: the file, a directory to write to, the URL of a database.
 */
const [file = '', directory = '', databaseUrl = ''] = process.argv.slice(2);
const small = Buffer.alloc(10 * 1024, 'a');
const rangeBytes = 64 * 1024;
const fileBytes = statSync(file).size;
const pool = new Pool({ connectionString: databaseUrl, max: 10 });
await pool.query(
  'create table if not exists bench_files (id uuid primary key, name text not null, size_bytes bigint not null)',
);

const server = createServer((req, res) => {
  if (req.method === 'PUT') void put(req, res);
  else if (req.url?.startsWith('/row/')) void answerRows(oneRow, req.url.slice('/row/'.length), res);
  else if (req.url?.startsWith('/page/')) void answerRows(onePage, req.url.slice('/page/'.length), res);
  else if (req.url === '/file') stream(res, 0, fileBytes - 1);
  else if (req.url === '/range') stream(res, 0, rangeBytes - 1);
  else res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': small.length }).end(small);
});
server.keepAliveTimeout = 70_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.kill(process.pid)); // the bench is gone

function stream(res: ServerResponse, start: number, end: number): void {
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': end - start + 1 });
  createReadStream(file, { start, end }).pipe(res);
}

async function answerRows({ name, text }: FloorQuery, path: string, res: ServerResponse): Promise<void> {
  const bucketId = path.slice(0, path.indexOf('/'));
  const key = path.slice(bucketId.length + 1);
  const { rows } = await pool.query({ name, text, values: [bucketId, key] });
  const body = JSON.stringify(rows);
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
}

async function put(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const content = await buffer(req);
  const id = randomUUID();
  const handle = await open(join(directory, id), 'wx');
  await handle.writeFile(content);
  await handle.sync();
  await handle.close();
  await pool.query({
    name: 'insert_file',
    text: 'insert into bench_files (id, name, size_bytes) values ($1, $2, $3)',
    values: [id, req.url, content.length],
  });
  res.writeHead(201, { 'Content-Length': 0 }).end();
}
