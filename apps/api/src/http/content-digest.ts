import { createHash, timingSafeEqual, type Hash } from 'node:crypto';
import { parseDictionary } from 'structured-headers';
import { InvalidRequestError } from './invalid-request-error.ts';

/** Digest lengths in bytes by the names RFC 9530 gives the algorithms. Not an object: `constructor` is a name a client can send. */
const digestBytes: ReadonlyMap<string, number> = new Map([
  ['sha-256', 32],
  ['sha-512', 64],
]);

/** A digest the client expects of the bytes it sends. */
export interface ExpectedDigest {
  readonly algorithm: string;
  readonly digest: Buffer;
}

/**
 * The digests in `Content-Digest` (RFC 9530) that the API can check. Unknown algorithms beside a known one are ignored, as §2 demands; alone they are refused, since the client would take the bytes for checked.
 * @throws InvalidRequestError
 */
export function parseContentDigest(header: string | undefined): readonly ExpectedDigest[] {
  if (header === undefined) return [];
  const expected = readDigests(header).filter(({ algorithm }) => digestBytes.has(algorithm));
  if (expected.length === 0) throw malformed('Content-Digest must have sha-256 or sha-512.');
  for (const { algorithm, digest } of expected) {
    const length = digestBytes.get(algorithm) ?? 0;
    if (digest.length !== length) throw malformed(`A ${algorithm} digest has ${length} bytes.`);
  }
  return expected;
}

function readDigests(header: string): ExpectedDigest[] {
  try {
    return [...parseDictionary(header)].map(([algorithm, [value]]) => {
      if (!(value instanceof ArrayBuffer)) throw new TypeError('not a byte sequence');
      return { algorithm, digest: Buffer.from(value) };
    });
  } catch {
    throw malformed('Content-Digest must look like sha-256=:BASE64:.');
  }
}

function malformed(detail: string): InvalidRequestError {
  return new InvalidRequestError([{ header: 'content-digest', detail }]);
}

/** Computes SHA-256, which every version keeps, and whatever else the client expects. */
export class ContentHasher {
  readonly #sha256: Hash = createHash('sha256');
  readonly #others: readonly { expected: ExpectedDigest; hash: Hash }[];
  readonly #expectedSha256: ExpectedDigest | undefined;

  constructor(expected: readonly ExpectedDigest[]) {
    this.#expectedSha256 = expected.find(({ algorithm }) => algorithm === 'sha-256');
    this.#others = expected
      .filter(({ algorithm }) => algorithm !== 'sha-256')
      .map((digest) => ({ expected: digest, hash: createHash(digest.algorithm.replace('-', '')) }));
  }

  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    for (const { hash } of this.#others) hash.update(chunk);
  }

  /** To be called once, at the end. */
  finish(): { readonly sha256: string; readonly mismatch: string | undefined } {
    const sha256 = this.#sha256.digest();
    const differs = ({ digest }: ExpectedDigest, actual: Buffer): boolean => !timingSafeEqual(digest, actual);
    const other = this.#others.find(({ expected, hash }) => differs(expected, hash.digest()))?.expected.algorithm;
    const mismatch = this.#expectedSha256 && differs(this.#expectedSha256, sha256) ? 'sha-256' : other;
    return { sha256: sha256.toString('hex'), mismatch };
  }
}

/** `Repr-Digest` of a stored object (RFC 9530 §3). */
export function toReprDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}
