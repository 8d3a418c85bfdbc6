import type { BlobStore } from '@stowage/storage';
import type { IdempotencyRepository } from '../src/idempotency/idempotency-repository.ts';
import type { ObjectRepository } from '../src/objects/object-repository.ts';

/** Where in an upload a process can be told to kill itself. */
export const killPoints = ['before-row', 'mid-stream', 'before-commit', 'after-commit'] as const;

/** The others: when a request with an Idempotency-Key took effect and its answer is not recorded yet, and when it is. */
export type KillPoint = (typeof killPoints)[number] | 'before-record' | 'after-record';

/** How many bytes of a body have been handed to the blob store when `mid-stream` is reached. */
const midStreamBytes = 256 * 1024;

/** Ends this process by SIGKILL at a point of a request, once it has been armed. */
export class KillSwitch {
  #armed: KillPoint | undefined;

  arm(point: KillPoint): void {
    this.#armed = point;
  }

  objects(objects: ObjectRepository): ObjectRepository {
    return override(objects, {
      insertPendingBlob: async (id, deleteAfter) => {
        this.#pass('before-row');
        return objects.insertPendingBlob(id, deleteAfter);
      },
      putVersion: async (version, condition) => {
        this.#pass('before-commit');
        const stored = await objects.putVersion(version, condition);
        this.#pass('after-commit');
        return stored;
      },
    });
  }

  blobs(blobs: BlobStore): BlobStore {
    return override(blobs, { put: (key, body, options) => blobs.put(key, this.#watch(body), options) });
  }

  idempotencyKeys(keys: IdempotencyRepository): IdempotencyRepository {
    return override(keys, {
      finish: async (holder, answer) => {
        this.#pass('before-record');
        const recorded = await keys.finish(holder, answer);
        this.#pass('after-record');
        return recorded;
      },
    });
  }

  async *#watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    let handedBytes = 0;
    for await (const chunk of body) {
      if (handedBytes >= midStreamBytes) this.#pass('mid-stream');
      handedBytes += chunk.length; // before the store may take the chunk's memory
      yield chunk;
    }
  }

  #pass(point: KillPoint): void {
    if (point === this.#armed) process.kill(process.pid, 'SIGKILL');
  }
}

/** The target with some of its methods replaced. */
function override<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
