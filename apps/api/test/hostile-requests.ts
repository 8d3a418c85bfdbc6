import fc from 'fast-check';
import { exampleOf, type JsonSchema } from './api-description.ts';

/** One request that means no good. */
export interface HostileRequest {
  readonly operationId: string;
  readonly method: string;
  /** With the query, as it is sent. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** What no field expects, and what every parser must survive. */
const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      0,
      -0,
      -1,
      1.5,
      1e308,
      -1e308,
      2 ** 53,
      1e-320,
      '',
      ' ',
      '\0',
      '\u0001',
      '\ud800',
      '\udfff\ud800',
      '\uffff',
    ],
    ...[
      'x'.repeat(300),
      'ü'.repeat(5000),
      '{}',
      '[]',
      'null',
      '2026-13-45T99:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999Z',
    ],
    ...[
      "'; drop table users; --",
      '%00',
      '../../etc/passwd',
      '${jndi:ldap://x}',
      '\u202e',
      'constructor',
      '__proto__',
      'a@b',
      'a@b.c\r\nX: y',
    ],
    ...[
      [],
      {},
      [[]],
      [null],
      { length: -1 },
      { toString: 1 },
      { constructor: { prototype: {} } },
      Array(2000).fill('image/png'),
    ],
  ),
  fc.constant(JSON.parse('{"__proto__":{"admin":true},"a":1}')),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.double().map((value) => (Number.isFinite(value) ? value : 0)),
  nested(500),
);

function nested(depth: number): fc.Arbitrary<unknown> {
  return fc
    .constantFrom('[', '{"a":')
    .map((open): unknown => JSON.parse(open.repeat(depth) + '1' + (open === '[' ? ']' : '}').repeat(depth)));
}

/** Names of fields that are in no schema, and some that are in every JavaScript object. */
const fieldNames = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'id',
    'accountId',
    'role',
    '',
    '~/',
    '\0',
    '\ud800',
    'x'.repeat(500),
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** Bodies near the schema: any of its fields replaced, taken away or added to; or something else altogether. */
export function hostileBodies(schema: JsonSchema): fc.Arbitrary<string> {
  const properties = Object.entries(schema.properties ?? {});
  const model = Object.fromEntries(
    properties.map(([name, property]) => [
      name,
      fc.oneof({ weight: 2, arbitrary: fc.constant(exampleOf(property)) }, { weight: 1, arbitrary: near(property) }),
    ]),
  );
  const mixed = fc.record(model, { requiredKeys: [] });
  const added = fc.tuple(mixed, fieldNames, values).map(([body, name, value]) => ({ ...body, [name]: value }));
  return fc
    .oneof({ weight: 5, arbitrary: mixed }, { weight: 2, arbitrary: added }, { weight: 1, arbitrary: values })
    .map((body) => JSON.stringify(body));
}

/** A hostile value, or one inside of the array that is expected. */
function near({ type, items }: JsonSchema): fc.Arbitrary<unknown> {
  return type === 'array' && items !== undefined
    ? fc.oneof(values, fc.array(fc.oneof(values, fc.constant(exampleOf(items))), { maxLength: 60 }))
    : values;
}

/** Parts of a path as they are sent: none of them is a UUID, the name of a bucket or the key of an object. */
export const hostileSegments: readonly string[] = [
  ...['..', '..%2f', '%2e%2e%2f%2e%2e', '.', '%2e', 'a%2f..%2fb', './x', 'x%2f.'],
  ...['%00', 'a%00b', '%0d%0aX-Evil:%20yes', '%7f', '%c2%85', '%ef%bf%bf', '%ef%b7%90'],
  ...['%', '%z', '%2', '%ff', '%c0%af', '%ed%a0%80', '%ed%b0%80%ed%a0%80', '%f4%90%80%80', '%u0041'],
  ...['e%cc%81', 'x'.repeat(2000), '%c3%bc'.repeat(600), `${'a/'.repeat(600)}..`],
];

/** The same for headers: as long and as strange as a header may be. */
export const hostileHeaders: readonly string[] = [
  ...[
    '',
    ' ',
    '\t',
    ',',
    '""',
    '"',
    '*',
    '**',
    '"*"',
    '=',
    ';',
    '\u00ff\u00fe\u00e9',
    'x'.repeat(4000),
    ','.repeat(3000),
    '"a",'.repeat(2000),
  ],
  ...[
    'bytes=0-99999999999999999999999999',
    'bytes=-9e9',
    `bytes=${'0-0,'.repeat(1000)}`,
    'bytes=0-0,-1,5-,-',
    'Thu, 99 Foo 9999 99:99:99 GMT',
    '-1',
    '1e9',
  ],
  ...[
    'W/"x"',
    'W/W/""',
    '"\u00e9"',
    'sha-256=:AAAA:',
    'sha-256=1;a=b',
    'sha-512=(:AAAA: 1)',
    '__proto__=:AAAA:',
    'a=?1, b',
    '%ff',
    '%',
    '%00',
    '%0d%0a',
    '%ed%a0%80',
  ],
  ...[
    'text/html',
    'text/',
    '/',
    'a/b;c',
    'a/b; c="d',
    'multipart/form-data; boundary=x',
    "attachment; filename*=UTF-8''%ff",
    'attachment; filename="\\"',
    'inline; filename=../../x',
  ],
];

/** Runs them a few at a time. */
export async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const remaining = items.values();
  const workers = Array.from({ length: 12 }, async () => {
    for (const item of remaining) await run(item);
  });
  await Promise.all(workers);
}

/** Queries that no operation takes. */
export const hostileQueries: readonly string[] = [
  ...['unknown=1', '__proto__=1', 'constructor[prototype]=1', '=', 'a', '%ff=1', 'limit=%ff', '%', 'a=1&a=1'],
];

/** What JSON.parse, or the demand for an object, refuses. */
export const brokenJson: readonly string[] = [
  ...[
    '{',
    '{"a":',
    '[1,',
    ' ',
    'null',
    '"text"',
    '7',
    'NaN',
    '{"a":01}',
    "{'a':1}",
    '{"a":"\u0001"}',
    '\ufeff{',
    '<a/>',
    'a=b',
    '[]',
    '{}}',
  ],
];

export const typesOtherThanJson: readonly string[] = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
  ],
  ...['application/json; charset=utf-7', 'application/json; charset=utf-16', 'application/json; charset=latin1'],
];

export const methodsToTry: readonly string[] = [
  ...['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY', 'LOCK'],
];

/** Paths near to those that exist. */
export const nowhere: readonly string[] = [
  ...['/', '/v1', '/v1/', '/V1/buckets', '/v1/buckets/', '//v1/buckets', '/v1/nothing', '/v2/buckets', '/v1/users/me/'],
  ...[
    '/metrics',
    '/livez',
    '/readyz',
    '/problems/nothing',
    '/problems/__proto__',
    '/docs/../package.json',
    '/docs/%2e%2e/package.json',
  ],
];
