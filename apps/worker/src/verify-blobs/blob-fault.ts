/** What can be wrong with the bytes of a live blob: none, more or fewer than recorded, or others. */
export type BlobFault = 'missing' | 'wrong-size' | 'wrong-content';
