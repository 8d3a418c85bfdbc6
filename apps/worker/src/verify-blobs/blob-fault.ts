/** What can be wrong with the bytes of a live blob: none, more or fewer than recorded, or others. */
export const blobFaults = ['missing', 'wrong-size', 'wrong-content'] as const;

export type BlobFault = (typeof blobFaults)[number];
