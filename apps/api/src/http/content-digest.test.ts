import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ContentHasher, parseContentDigest, toReprDigest } from './content-digest.ts';
import { InvalidRequestError } from './invalid-request-error.ts';

const content = Buffer.from('{"hello": "world"}\n');
const digestOf = (algorithm: string, bytes = content): string =>
  `sha-${algorithm}=:${createHash(`sha${algorithm}`).update(bytes).digest('base64')}:`;

function check(header: string | undefined, chunks: readonly Uint8Array[] = [content]): string | undefined {
  const hasher = new ContentHasher(parseContentDigest(header));
  for (const chunk of chunks) hasher.update(chunk);
  const { sha256, mismatch } = hasher.finish();
  expect(sha256).toBe(createHash('sha256').update(Buffer.concat(chunks)).digest('hex'));
  return mismatch;
}

describe('Content-Digest', () => {
  it('takes the example of RFC 9530, appendix B.1', () => {
    expect(check('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:')).toBeUndefined();
  });

  it.each([
    undefined,
    digestOf('256'),
    digestOf('512'),
    `${digestOf('512')}, ${digestOf('256')}`,
    `md5=:AAAA:, ${digestOf('256')}`,
  ])('finds the bytes right for %s', (header) => {
    expect(check(header)).toBeUndefined();
    expect(check(header, [content.subarray(0, 5), content.subarray(5)])).toBeUndefined();
  });

  it.each([
    ['sha-256', digestOf('256')],
    ['sha-512', digestOf('512')],
    ['sha-512', `${digestOf('256', Buffer.from('other'))}, ${digestOf('512')}`],
  ])('names %s when the bytes differ', (algorithm, header) => {
    expect(check(header, [Buffer.from('other')])).toBe(algorithm);
  });

  it('checks every digest that is given', () => {
    expect(check(`${digestOf('256')}, ${digestOf('512', Buffer.from('other'))}`)).toBe('sha-512');
  });

  it.each([
    '',
    'sha-256',
    'sha-256=abc',
    'sha-256="RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="',
    'sha-256=:not base64:',
    'sha-256=:AAAA:',
    `sha-512=:${'A'.repeat(43)}=:`,
    'sha-256=(:AAAA:)',
    'md5=:AAAA:',
    `constructor=:${Buffer.alloc(64).toString('base64')}:`,
    'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:, ?',
  ])('refuses %j', (header) => {
    expect(() => parseContentDigest(header)).toThrow(InvalidRequestError);
  });
});

describe('toReprDigest', () => {
  it('writes what parseContentDigest reads', () => {
    const sha256 = createHash('sha256').update(content).digest();
    expect(parseContentDigest(toReprDigest(sha256.toString('hex')))).toEqual([
      { algorithm: 'sha-256', digest: sha256 },
    ]);
  });
});
