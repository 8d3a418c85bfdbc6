import { describe, expect, it } from '@jest/globals';
import type { CacheEpochRepository } from './cache-epoch-repository.ts';

export interface OpenedRepository extends AsyncDisposable {
  readonly epochs: CacheEpochRepository;
}

/** What every repository of the cache's epoch promises; `open` gives one that nobody used before. */
export function describeCacheEpochRepository(name: string, open: () => Promise<OpenedRepository>): void {
  describe(name, () => {
    it('begins open', async () => {
      await using opened = await open();
      const { epochs } = opened;

      await expect(epochs.read()).resolves.toMatchObject({ closed: false });
    });

    it('closing begins a new epoch and keeps the cache closed', async () => {
      await using opened = await open();
      const { epochs } = opened;
      const { epoch } = await epochs.read();

      await epochs.close(60_000);

      await expect(epochs.read()).resolves.toEqual({ epoch: epoch + 1, closed: true });
    });

    it('opens by itself, under the new epoch', async () => {
      await using opened = await open();
      const { epochs } = opened;
      const { epoch } = await epochs.read();

      await epochs.close(0);

      await expect(epochs.read()).resolves.toEqual({ epoch: epoch + 1, closed: false });
    });

    it('a shorter closing does not end a longer one', async () => {
      await using opened = await open();
      const { epochs } = opened;
      await epochs.close(60_000);

      await epochs.close(0);

      await expect(epochs.read()).resolves.toMatchObject({ closed: true });
    });

    it('every closing begins an epoch of its own, however many there are at once', async () => {
      await using opened = await open();
      const { epochs } = opened;
      const { epoch } = await epochs.read();

      await Promise.all(Array.from({ length: 20 }, () => epochs.close(0)));

      await expect(epochs.read()).resolves.toMatchObject({ epoch: epoch + 20 });
    });
  });
}
