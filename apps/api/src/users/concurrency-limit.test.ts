import { describe, expect, it } from '@jest/globals';
import { OverloadedError } from './user-errors.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';

/** Work that ends when it is told, and remembers in what order it began. */
class GivenWork {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, PromiseWithResolvers<string>>();

  of(name: string): () => Promise<string> {
    const end = Promise.withResolvers<string>();
    this.#ends.set(name, end);
    return () => {
      this.begun.push(name);
      return end.promise;
    };
  }

  end(name: string): void {
    this.#ends.get(name)?.resolve(name);
  }

  fail(name: string): void {
    this.#ends.get(name)?.reject(new Error(name));
  }
}

describe('ConcurrencyLimit', () => {
  it('runs so many at once, the rest in their order, also after a failure', async () => {
    const limit = new ConcurrencyLimit({ atOnce: 2, mostWaiting: 2 });
    const work = new GivenWork();
    const runs = ['a', 'b', 'c', 'd'].map((name) => limit.run(work.of(name)));
    await Promise.resolve();
    expect(work.begun).toEqual(['a', 'b']);
    work.fail('b');
    await expect(runs[1]).rejects.toThrow('b');
    expect(work.begun).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c', 'd']) work.end(name);
    expect(await Promise.all([runs[0], runs[2], runs[3]])).toEqual(['a', 'c', 'd']);
  });

  it('refuses at once what may not wait, and takes it again later', async () => {
    const limit = new ConcurrencyLimit({ atOnce: 1, mostWaiting: 1 });
    const work = new GivenWork();
    const runs = [limit.run(work.of('a')), limit.run(work.of('b'))];
    await expect(limit.run(work.of('c'))).rejects.toThrow(OverloadedError);
    work.end('a');
    work.end('b');
    await Promise.all(runs);
    work.end('d');
    const later = limit.run(work.of('e'));
    work.end('e');
    expect(await later).toBe('e');
    expect(work.begun).toEqual(['a', 'b', 'e']);
  });
});
