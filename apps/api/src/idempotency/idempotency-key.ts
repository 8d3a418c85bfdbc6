import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Long enough for a key nobody guesses: what is stored is encrypted under it. */
const spelling = /^(?:"([!#-[\]-~]{16,255})"|([!#-[\]-~]{16,255}))$/;

/** What a key must look like, for clients. */
export const keyRule = '16 to 255 visible ASCII characters other than " and \\, bare or in double quotes';

/** The key in an `Idempotency-Key` header, bare as Stripe has it or as the IETF draft's String; undefined when it is none. */
export function readIdempotencyKey(header: string): string | undefined {
  const [, quoted, bare] = spelling.exec(header) ?? [];
  return quoted ?? bare;
}

/** A request that is to take effect once. */
export interface IdempotentRequest {
  /** Who calls: the keys of two callers have nothing to do with each other. */
  readonly caller: string;
  readonly method: string;
  readonly route: string;
  readonly key: string;
  /** What must be the same whenever the key comes again; JSON. */
  readonly content: unknown;
}

/** Keeps a sealed seed from being taken for a sealed response. */
type Purpose = 'seed' | 'response';

const nonceBytes = 12;
const tagBytes = 16;

/** What may be stored of a request: nothing of it can be read, or tried out, by who does not know the client's key. */
export class SealedRequest {
  /** Finds the row. */
  readonly keyHash: Buffer;
  /**
   * Tells another request under the same key. Keyed, as bodies hold passwords, which a plain hash would let be guessed
   * millions of times faster than their own.
   */
  readonly fingerprint: Buffer;
  readonly #sealingKey: Buffer;

  constructor({ caller, method, route, key, content }: IdempotentRequest) {
    this.keyHash = createHash('sha256')
      .update(JSON.stringify(['stowage idempotency key', caller, method, route, key]))
      .digest();
    const derived = Buffer.from(hkdfSync('sha256', key, this.keyHash, 'stowage idempotency', 64));
    this.#sealingKey = derived.subarray(0, 32);
    this.fingerprint = createHmac('sha256', derived.subarray(32)).update(toCanonicalJson(content)).digest();
  }

  /** AES-256-GCM: nonce, tag, ciphertext. */
  seal(purpose: Purpose, content: Uint8Array): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#sealingKey, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  open(purpose: Purpose, sealed: Buffer): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#sealingKey, sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
  }
}

/** One spelling for each JSON value: members in the order of their names, no white space. */
function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
