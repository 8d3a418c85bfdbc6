export {
  describeBlobStoreContract,
  type BlobStoreContractOptions,
  type BlobStoreSubject,
} from './blob-store-contract.ts';
export { MemoryBlobStore } from './memory-blob-store.ts';
