import { describe, expect, it } from '@jest/globals';
import { PassThrough, Readable, Writable } from 'node:stream';

import { markAsOwnChunks } from './chunk-memory.ts';
import { sendBlob } from './send-blob.ts';
import { testBytes } from './testing/test-bodies.ts';

function givenSink(): { readonly sink: Writable; readonly received: () => Buffer } {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    highWaterMark: 10, // so that every chunk meets back pressure
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(Buffer.from(chunk));
      setImmediate(done);
    },
  });
  return { sink, received: () => Buffer.concat(chunks) };
}

describe('sendBlob', () => {
  it('writes all bytes and ends the destination', async () => {
    const chunks = Array.from({ length: 20 }, (_, index) => testBytes(10_000 + index));
    const expected = Buffer.concat(chunks);
    const { sink, received } = givenSink();

    await sendBlob(Readable.from(chunks, { objectMode: false }), sink);

    expect(received().equals(expected)).toBe(true);
    expect(sink.writableFinished).toBe(true);
  });

  it('ends the destination of an empty blob', async () => {
    const { sink } = givenSink();

    await sendBlob(Readable.from([], { objectMode: false }), sink);

    expect(sink.writableFinished).toBe(true);
  });

  it('frees written chunks of a store, and never those of another stream', async () => {
    const [owned, foreign, view] = [testBytes(100_000), testBytes(100_000), testBytes(100_000).subarray(1)];

    await sendBlob(markAsOwnChunks(Readable.from([owned, view], { objectMode: false })), givenSink().sink);
    await sendBlob(Readable.from([foreign], { objectMode: false }), givenSink().sink);

    expect([owned.length, view.length, foreign.length]).toEqual([0, 99_999, 100_000]);
  });

  it('destroys the destination and rejects when the blob fails', async () => {
    const blob = new PassThrough();
    const { sink } = givenSink();
    const sent = sendBlob(blob, sink);

    blob.destroy(new Error('S3 went away'));

    await expect(sent).rejects.toThrow('S3 went away');
    expect(sink.destroyed).toBe(true);
  });

  it('destroys the blob and rejects when the destination closes early', async () => {
    const blob = new PassThrough();
    const { sink } = givenSink();
    const sent = sendBlob(blob, sink);

    sink.destroy();

    await expect(sent).rejects.toThrow('Premature close');
    expect(blob.destroyed).toBe(true);
  });

  it('leaves a destination that is kept open to its caller, after the last byte and after a failure', async () => {
    const { sink, received } = givenSink();
    await sendBlob(Readable.from([testBytes(30)], { objectMode: false }), sink, { keepOpen: true });
    const blob = new PassThrough();
    const failing = sendBlob(blob, sink, { keepOpen: true });
    blob.destroy(new Error('S3 went away'));
    await expect(failing).rejects.toThrow('S3 went away');

    expect(received()).toHaveLength(30);
    expect([sink.writableEnded, sink.destroyed, sink.listenerCount('drain')]).toEqual([false, false, 0]);
  });

  it('destroys the blob when a destination that is kept open closes early', async () => {
    const blob = new PassThrough();
    const { sink } = givenSink();
    const sent = sendBlob(blob, sink, { keepOpen: true });
    sink.destroy();
    await expect(sent).rejects.toThrow('Premature close');
    expect(blob.destroyed).toBe(true);
  });
});
