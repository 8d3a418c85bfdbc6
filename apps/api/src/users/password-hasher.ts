import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { normalizePassword } from './password.ts';

/** What one hash costs. */
export interface Argon2Cost {
  /** @default 19456, from the OWASP Password Storage Cheat Sheet */
  readonly memoryKibibytes: number;
  /** @default 2 */
  readonly passes: number;
  /** @default 1 */
  readonly parallelism: number;
}

interface StoredHash {
  readonly cost: Argon2Cost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const saltBytes = 16;
const hashBytes = 32;
const phcString =
  /^\$argon2id\$v=19\$m=(?<memory>\d{1,7}),t=(?<passes>\d{1,3}),p=(?<parallelism>\d{1,2})\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]+)$/;

/**
 * Passwords to argon2id hashes (RFC 9106) in the PHC string format. The work runs on libuv's threads, a few hashes at
 * once: however many sign in, other requests go on.
 */
export class PasswordHasher {
  readonly #cost: Argon2Cost;
  /** Two of libuv's four threads, as files and host names need them too; those that wait have their turn in about two seconds. */
  readonly #limit = new ConcurrencyLimit({ atOnce: 2, mostWaiting: 64 });

  constructor(cost: Partial<Argon2Cost> = {}) {
    this.#cost = { memoryKibibytes: 19_456, passes: 2, parallelism: 1, ...cost };
  }

  /** @throws OverloadedError when too many wait already */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const { memoryKibibytes, passes, parallelism } = this.#cost;
    const hash = await this.#limit.run(() => derive(password, { cost: this.#cost, salt, length: hashBytes }));
    return `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
  }

  /**
   * Whether the password is the one that was hashed. Without a hash the same work is done for nothing, so that the
   * time of the answer does not tell whether there is such a user.
   * @throws OverloadedError when too many wait already
   */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const { cost, salt, hash } = stored === undefined ? this.#nobody() : parse(stored);
    const presented = await this.#limit.run(() => derive(password, { cost, salt, length: hash.length }));
    return timingSafeEqual(presented, hash) && stored !== undefined;
  }

  #nobody(): StoredHash {
    return { cost: this.#cost, salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes) };
  }
}

function parse(stored: string): StoredHash {
  const { memory, passes, parallelism, salt, hash } = phcString.exec(stored)?.groups ?? {};
  if (salt === undefined || hash === undefined) throw new Error('A stored password hash is not an argon2id PHC string');
  return {
    cost: { memoryKibibytes: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function derive(
  password: string,
  { cost, salt, length }: { cost: Argon2Cost; salt: Buffer; length: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      {
        message: normalizePassword(password),
        nonce: salt,
        parallelism: cost.parallelism,
        tagLength: length,
        memory: cost.memoryKibibytes,
        passes: cost.passes,
      },
      (error, hash) => (error === null ? resolve(hash) : reject(error)),
    );
  });
}

/** The PHC string format leaves the padding out. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
