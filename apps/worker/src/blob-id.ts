/** Whether the blob store's key is one that the API gave: others may keep things in the same bucket. */
export function isBlobId(key: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key);
}
