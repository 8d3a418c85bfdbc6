import { describe, expect, it } from '@jest/globals';
import { readIdempotencyKey, SealedRequest, type IdempotentRequest } from './idempotency-key.ts';

const key = '8e03978e-40d5-43dd-bc93-6894a57f9324';
const request: IdempotentRequest = {
  ...{ caller: 'user ada', method: 'POST', route: '/v1/buckets', key },
  content: ['/v1/buckets', { name: 'photos', contentTypes: ['image/png', 'image/*'] }],
};

describe('readIdempotencyKey', () => {
  it.each([
    [key, key],
    [`"${key}"`, key],
    ['!'.repeat(16), '!'.repeat(16)],
    ['~'.repeat(255), '~'.repeat(255)],
  ])('reads %s', (header, expected) => {
    expect(readIdempotencyKey(header)).toBe(expected);
  });

  it.each([
    ['', 'empty'],
    ['x'.repeat(15), 'short'],
    [`"${'x'.repeat(15)}"`, 'short within the quotes'],
    ['x'.repeat(256), 'long'],
    [`${key} ${key}`, 'of two words'],
    [`${key}, ${key}`, 'given twice'],
    [`"${key}`, 'quoted on one side'],
    [`"${key}";a=1`, 'with a parameter'],
    [`${key}é`, 'beyond ASCII'],
    [`${key}\u007f`, 'with a control character'],
  ])('refuses %j: %s', (header) => {
    expect(readIdempotencyKey(header)).toBeUndefined();
  });
});

describe('SealedRequest', () => {
  const sealed = new SealedRequest(request);

  it('knows the same request again, however its body is spelled', () => {
    const respelled = { contentTypes: ['image/png', 'image/*'], name: 'photos' };
    const again = new SealedRequest({ ...request, content: ['/v1/buckets', respelled] });
    expect(again.keyHash).toEqual(sealed.keyHash);
    expect(again.fingerprint).toEqual(sealed.fingerprint);
  });

  it.each<[string, Partial<IdempotentRequest>]>([
    ['caller', { caller: 'user bob' }],
    ['method', { method: 'PUT' }],
    ['route', { route: '/v1/invitations' }],
    ['key', { key: key.replace('8', '9') }],
  ])('is another row with another %s, and has another fingerprint', (_part, fields) => {
    const other = new SealedRequest({ ...request, ...fields });
    expect(other.keyHash).not.toEqual(sealed.keyHash);
    expect(other.fingerprint).not.toEqual(sealed.fingerprint);
  });

  it.each([
    ['a value', ['/v1/buckets', { name: 'films', contentTypes: ['image/png', 'image/*'] }]],
    ['the order of a list', ['/v1/buckets', { name: 'photos', contentTypes: ['image/*', 'image/png'] }]],
    ['a member', ['/v1/buckets', { name: 'photos' }]],
    ['the path', ['/v1/buckets?x', { name: 'photos', contentTypes: ['image/png', 'image/*'] }]],
    ['everything', null],
  ])('is the same row with another fingerprint when %s differs', (_part, content) => {
    const other = new SealedRequest({ ...request, content });
    expect(other.keyHash).toEqual(sealed.keyHash);
    expect(other.fingerprint).not.toEqual(sealed.fingerprint);
  });

  it('opens what the same key sealed', () => {
    const content = Buffer.from('stw_secret');
    const box = sealed.seal('response', content);
    expect(box.includes(content)).toBe(false);
    expect(new SealedRequest(request).open('response', box)).toEqual(content);
    expect(sealed.seal('response', content)).not.toEqual(box);
  });

  it('opens nothing with another key, as something else, or changed', () => {
    const box = sealed.seal('response', Buffer.from('stw_secret'));
    const changed = Buffer.from(box).fill(0, box.length - 1);
    const other = new SealedRequest({ ...request, key: key.replace('8', '9') });
    expect(() => other.open('response', box)).toThrow('authenticate');
    expect(() => sealed.open('seed', box)).toThrow('authenticate');
    expect(() => sealed.open('response', changed)).toThrow('authenticate');
    expect(() => sealed.open('response', box.subarray(0, 20))).toThrow('tag');
  });
});
