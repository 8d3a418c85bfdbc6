import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stripSecrets } from './strip-secrets.ts';

describe('stripSecrets', () => {
  it.each([
    ['postgres://ada:hunter2@db.internal:5432/stowage', 'postgres://[Redacted]@db.internal:5432/stowage'],
    ['connect redis://:hunter2@cache:6379 failed', 'connect redis://[Redacted]@cache:6379 failed'],
    ['postgres://ada:hunter2@x/y?z#@db/stowage', 'postgres://[Redacted]@db/stowage'],
    ['http://hunter2@host/', 'http://[Redacted]@host/'],
    ['/l?token=hunter2&page=2', '/l?token=[Redacted]&page=2'],
    [
      'https://s3/b/o?X-Amz-Credential=hunter2%2F2026&X-Amz-Date=2026&X-Amz-Signature=hunter2',
      'https://s3/b/o?X-Amz-Credential=[Redacted]&X-Amz-Date=2026&X-Amz-Signature=[Redacted]',
    ],
    ['host=db password=hunter2 user=ada', 'host=db password=[Redacted] user=ada'],
    ["password='hunter2 with spaces' user=ada", 'password=[Redacted] user=ada'],
    ['{"user":"ada","password":"hunter2\\""}', '{"user":"ada","password":"[Redacted]"}'],
    ['Authorization: Bearer hunter2hunter2', 'Authorization: [Redacted]'],
    ['sent "Bearer hunter2hunter2"', 'sent "Bearer [Redacted]"'],
    ['set-cookie: sid=hunter2; Path=/\nnext line', 'set-cookie: [Redacted]\nnext line'],
    ["headers: { cookie: 'sid=hunter2', host: 'x' }", "headers: { cookie: [Redacted], host: 'x' }"],
    ["{ authorization: 'Token hunter2' }", '{ authorization: [Redacted] }'],
    ['rawHeaders: ["Cookie","sid=hunter2"]', 'rawHeaders: ["Cookie",[Redacted]]'],
    ["[ 'authorization', 'Token hunter2' ]", "[ 'authorization', [Redacted] ]"],
    ['cookie: "sid=hunter2', 'cookie: [Redacted]'],
    ['{"cookie":"sid=hunter2"}', '{"cookie":[Redacted]}'],
    ["{ password: 'hunter2', user: 'ada' }", "{ password: '[Redacted]', user: 'ada' }"],
    ["{ 'api-key': 'hunter2' }", "{ 'api-key': '[Redacted]' }"],
    ['{\\"user\\":\\"ada\\",\\"password\\":\\"hunter2\\"}', '{\\"user\\":\\"ada\\",\\"password\\":\\"[Redacted]\\"}'],
    ['{\\"cookie\\":\\"sid=hunter2\\",\\"a\\":1}', '{\\"cookie\\":[Redacted],\\"a\\":1}'],
    ['{"password": 1234567, "a": 1}', '{"password": "[Redacted]", "a": 1}'],
    ['password=hunter2,hunter2', 'password=[Redacted]'],
    ['user=ada,password=hunter2, failed', 'user=ada,password=[Redacted], failed'],
    ['got eyJhbGciOiJIUzI1.eyJodW50ZXIyIjox.hunter2 from', 'got [Redacted] from'],
  ])('cuts the secret out of %s', (text, stripped) => {
    expect(stripSecrets(text)).toBe(stripped);
  });

  it.each([
    'GET /v1/buckets/:bucket',
    'at file:///srv/node_modules/@nx/js/index.js:10:5',
    'http://registry:4873/@scope/package',
    'https://host/search?q=cats&limit=10',
    'mailto:ada@example.com',
    'a = b',
    'no cookie, no session',
    "{ name: 'ada', size: 10 }",
    '',
  ])('leaves %s as it is', (text) => {
    expect(stripSecrets(text)).toBe(text);
  });

  it('cuts off text beyond 8,192 characters', () => {
    expect(stripSecrets('x'.repeat(9_000))).toBe(`${'x'.repeat(8_192)}[Cut]`);
  });

  it('finds the password of any connection URL', () => {
    const password = fc.stringMatching(/^[A-Za-z0-9@/?#:=&%-]{6,30}$/).filter((text) => !/^\d{1,5}[/?#]/.test(text));
    fc.assert(
      fc.property(password, (secret) => {
        expect(stripSecrets(`dial postgres://ada:${secret}@db:5432/x`)).toBe('dial postgres://[Redacted]@db:5432/x');
      }),
    );
  });

  it('is never stuck on hostile text', () => {
    for (const piece of [
      'a://',
      ':',
      '://:',
      'a=',
      '"a":"',
      'cookie:',
      'cookie:\\\\"',
      'a=b,',
      "a: '",
      '\\\\"a\\\\":',
      'eyJ',
      'basic ',
      '?a=b',
      '@',
      'a.',
    ]) {
      expect(stripSecrets(`://${piece.repeat(8_000)}`).length).toBeGreaterThan(0);
    }
  });
});
