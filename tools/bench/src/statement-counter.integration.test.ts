import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { startStatementCounter } from './statement-counter.ts';

/** One message of the frontend; the first of a session has no type. */
function message(type: string, ...texts: readonly string[]): Buffer {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

describe('startStatementCounter', () => {
  it.each([1, 5, 1_000])('counts what goes by in pieces of %i bytes', async (size) => {
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using counter = await startStatementCounter(`postgres://user@127.0.0.1:${port}/database`);
    const socket = connect(Number(new URL(counter.url).port), '127.0.0.1');
    const sent = Buffer.concat([
      message('', 'the message that opens the session'),
      message('P', 'find_note', 'select 1'),
      message('B', '', 'find_note'),
      message('B', '', 'find_note'),
      message('P', '', 'select 2'),
      message('Q', 'select 3'),
    ]);
    for (let at = 0; at < sent.length; at += size) socket.write(sent.subarray(at, at + size));
    socket.end();
    await once(socket, 'close');

    const { byName, unnamed } = counter.take();

    expect([...byName]).toEqual([['find_note', 2]]);
    expect(unnamed).toEqual(['select 2', 'select 3']);
    expect(counter.take().byName.size).toBe(0);
    server.close();
  });
});
