import { afterAll, beforeAll, describe } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import type { BlobStore } from '../blob-store.ts';
import { describeDeletion, describeListing } from './listing-contract.ts';
import { describeGet } from './get-contract.ts';
import { describeMultipart } from './multipart-contract.ts';
import { describePut } from './put-contract.ts';

/** One store to be tested, empty at first and nobody else's. */
export interface BlobStoreSubject {
  readonly store: BlobStore;
  /** What lies around besides blobs: temporary files, multipart uploads that have not ended. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface BlobStoreContractOptions {
  readonly open: () => Promise<BlobStoreSubject>;
  /** The size above which the store splits a body, or any other where it does not. */
  readonly partSizeBytes: number;
}

/** What the tests of the contract share. */
export interface ContractContext {
  readonly partSizeBytes: number;
  readonly subject: BlobStoreSubject;
  readonly store: BlobStore;
  /** A key that no other test uses. */
  newKey(): string;
}

/** Tests that every `BlobStore` passes. Call it at the top level of a test file. */
export function describeBlobStoreContract(name: string, { open, partSizeBytes }: BlobStoreContractOptions): void {
  describe(`${name}, as a blob store`, () => {
    let opened: BlobStoreSubject | undefined;
    const context: ContractContext = {
      partSizeBytes,
      get subject() {
        if (opened === undefined) throw new Error('The store is opened before the tests.');
        return opened;
      },
      get store() {
        return this.subject.store;
      },
      newKey: () => `contract/${randomUUID()}`,
    };

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.close();
    });

    describePut(context);
    describeGet(context);
    describeListing(context);
    describeDeletion(context);
    describeMultipart(context);
  });
}
