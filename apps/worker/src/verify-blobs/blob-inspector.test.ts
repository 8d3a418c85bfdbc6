import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  BlobCorruptedError,
  BlobNotFoundError,
  BlobStoreUnavailableError,
  type BlobInfo,
  type BlobStore,
  type GetBlobOptions,
} from '@stowage/storage';
import { BlobInspector, type Finding, type RecordedContent } from './blob-inspector.ts';
import { ByteRate } from './byte-rate.ts';

const content = randomBytes(300_000);
const recorded: RecordedContent = { id: 'blob', sizeBytes: content.length, sha256: sha256(content) };
const flipped = Buffer.from(content).fill((content[1000] ?? 0) ^ 1, 1000, 1001);

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

type Answer = Buffer | Error;

/** Answers each reading with the next of its bytes or errors, and the size of the last ones to `head`. */
class ScriptedStore implements Pick<BlobStore, 'get' | 'head'> {
  readonly #answers: Answer[];
  #size: number | undefined;

  constructor(answers: readonly Answer[], size?: number) {
    this.#answers = [...answers];
    this.#size = size;
  }

  get left(): number {
    return this.#answers.length;
  }

  async get(key: string, { signal }: GetBlobOptions = {}): Promise<Readable> {
    signal?.throwIfAborted();
    const answer = this.#answers.shift() ?? new BlobNotFoundError(key);
    if (answer instanceof Error) throw answer;
    this.#size ??= answer.length;
    return Readable.from([answer.subarray(0, 100_000), answer.subarray(100_000)]);
  }

  async head(): Promise<BlobInfo | undefined> {
    return this.#size === undefined ? undefined : { sizeBytes: this.#size, modifiedAt: new Date() };
  }
}

/** Ends in the middle with an error. */
function cut(bytes: Buffer, error: Error): Readable {
  return Readable.from(
    (async function* () {
      yield bytes.subarray(0, 1000);
      throw error;
    })(),
  );
}

describe('BlobInspector', () => {
  let taken = 0;
  beforeEach(() => {
    taken = 0;
  });

  function inspectorOf(blobs: Pick<BlobStore, 'get' | 'head'>): BlobInspector {
    const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
      signal.throwIfAborted();
      taken += ms;
    };
    return new BlobInspector({ blobs, rate: new ByteRate({ bytesPerSecond: 1000, now: () => taken, sleep }) });
  }

  async function inspect(store: Pick<BlobStore, 'get' | 'head'>): Promise<Finding> {
    return inspectorOf(store).inspect(recorded, new AbortController().signal);
  }

  it('finds a good blob intact, at the rate, and reads it once', async () => {
    const store = new ScriptedStore([content, flipped]);
    expect(await inspect(store)).toEqual({ kind: 'intact' });
    expect(store.left).toBe(1);
    expect(taken).toBe(299_000); // the first second of bytes is free
  });

  it.each([
    ['a flipped bit', [flipped, flipped], 'wrong-content'],
    ['a blob cut short', [content.subarray(0, 9), content.subarray(0, 9)], 'wrong-size'],
    ['a longer blob', [Buffer.concat([content, content]), Buffer.concat([content, content])], 'wrong-size'],
    ['an empty blob', [Buffer.alloc(0), Buffer.alloc(0)], 'wrong-size'],
    ['a missing blob', [], 'missing'],
    [
      'what the store itself calls corrupted',
      [new BlobCorruptedError('checksum'), new BlobCorruptedError('checksum')],
      'wrong-content',
    ],
  ] as const)('finds %s', async (_, answers, fault) => {
    expect(await inspect(new ScriptedStore(answers))).toEqual({ kind: 'faulty', fault });
  });

  it.each([
    ['a bit was flipped on the way', [flipped, content]],
    ['the first answer was that it is missing', [new BlobNotFoundError('blob'), content]],
    ['the store was away for a moment', [new BlobStoreUnavailableError('away'), content]],
  ] as const)('finds a good blob intact when %s', async (_, answers) => {
    expect(await inspect(new ScriptedStore(answers))).toEqual({ kind: 'intact' });
  });

  it.each([
    ['the store is away', [new BlobStoreUnavailableError('away'), new BlobStoreUnavailableError('away')], undefined],
    ['the store is away at the second look', [flipped, new BlobStoreUnavailableError('away')], undefined],
    ['the store was away at the first look', [new BlobStoreUnavailableError('away'), flipped], undefined],
    ['two readings differ', [flipped, content.subarray(0, 9)], undefined],
    ['the store has more than it sent', [content.subarray(0, 9), content.subarray(0, 9)], content.length],
  ] as const)('says nothing of the bytes when %s', async (_, answers, size) => {
    expect(await inspect(new ScriptedStore(answers, size))).toMatchObject({ kind: 'unreadable' });
  });

  it('says nothing of the bytes when a reading is cut', async () => {
    const store = {
      get: async () => cut(content, new BlobStoreUnavailableError('reset')),
      head: async () => undefined,
    };
    expect(await inspect(store)).toMatchObject({ kind: 'unreadable', error: { message: 'reset' } });
  });

  it('stops in the middle of a blob when it is told to', async () => {
    const stop = new AbortController();
    const store = new ScriptedStore([content]);
    const sleep = async (_ms: number, signal: AbortSignal): Promise<void> => {
      stop.abort(new Error('told to'));
      signal.throwIfAborted();
    };
    const rate = new ByteRate({ bytesPerSecond: 1, now: () => 0, sleep });
    await expect(new BlobInspector({ blobs: store, rate }).inspect(recorded, stop.signal)).rejects.toThrow('told to');
  });
});
