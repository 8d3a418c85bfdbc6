import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { evaluateRead, parseWriteCondition, rangeStillApplies, toEtag } from './conditional-request.ts';
import { InvalidRequestError } from './invalid-request-error.ts';

const versionId = '018f0000-0000-7000-8000-000000000001';
const otherId = '018f0000-0000-7000-8000-000000000002';
const etag = toEtag(versionId);
const other = toEtag(otherId);
const current = { versionId, modifiedAt: new Date('1994-11-06T08:49:37.900Z') };
const same = 'Sun, 06 Nov 1994 08:49:37 GMT';
const earlier = 'Sun, 06 Nov 1994 08:49:36 GMT';
const later = 'Sun, 06 Nov 1994 08:49:38 GMT';

type Case = readonly [IncomingHttpHeaders, 'proceed' | 'not-modified' | 'failed'];

describe('evaluateRead', () => {
  it.each<Case>([
    [{}, 'proceed'],
    // §13.1.1
    [{ 'if-match': '*' }, 'proceed'],
    [{ 'if-match': etag }, 'proceed'],
    [{ 'if-match': `${other}, ${etag}` }, 'proceed'],
    [{ 'if-match': other }, 'failed'],
    [{ 'if-match': `W/${etag}` }, 'failed'],
    // §13.1.2
    [{ 'if-none-match': '*' }, 'not-modified'],
    [{ 'if-none-match': etag }, 'not-modified'],
    [{ 'if-none-match': `W/${etag}` }, 'not-modified'],
    [{ 'if-none-match': `"a,b" , ${etag}` }, 'not-modified'],
    [{ 'if-none-match': `,, ${etag},` }, 'not-modified'],
    [{ 'if-none-match': '""' }, 'proceed'],
    [{ 'if-none-match': `${other},W/"\u00e4"` }, 'proceed'],
    // §13.1.3
    [{ 'if-modified-since': same }, 'not-modified'],
    [{ 'if-modified-since': later }, 'not-modified'],
    [{ 'if-modified-since': earlier }, 'proceed'],
    [{ 'if-modified-since': '3000' }, 'proceed'],
    [{ 'if-modified-since': '2994-11-06T08:49:37Z' }, 'proceed'],
    // §13.1.4
    [{ 'if-unmodified-since': same }, 'proceed'],
    [{ 'if-unmodified-since': later }, 'proceed'],
    [{ 'if-unmodified-since': earlier }, 'failed'],
    [{ 'if-unmodified-since': '1' }, 'proceed'],
    // §13.2.2: the order, and which one makes another void
    [{ 'if-match': etag, 'if-unmodified-since': earlier }, 'proceed'],
    [{ 'if-match': other, 'if-none-match': etag }, 'failed'],
    [{ 'if-match': etag, 'if-none-match': etag }, 'not-modified'],
    [{ 'if-none-match': other, 'if-modified-since': same }, 'proceed'],
    [{ 'if-none-match': etag, 'if-modified-since': earlier }, 'not-modified'],
    [{ 'if-unmodified-since': earlier, 'if-none-match': etag }, 'failed'],
  ])('makes of %j: %s', (headers, outcome) => {
    expect(evaluateRead(headers, current)).toBe(outcome);
  });

  it.each([
    '',
    'x',
    versionId,
    '"open',
    `${etag} ${other}`,
    `${etag};${other}`,
    '*, "a"',
    'w/"a"',
    '"a"b',
    '"\u0001"',
    ',',
  ])('refuses %j, which is no list of entity tags', (value) => {
    expect(() => evaluateRead({ 'if-match': value }, current)).toThrow(InvalidRequestError);
    expect(() => evaluateRead({ 'if-none-match': value }, current)).toThrow(InvalidRequestError);
  });
});

describe('parseWriteCondition', () => {
  it.each([
    [{}, {}],
    [{ 'if-none-match': '*' }, { ifAbsent: true }],
    [{ 'if-match': '*' }, { ifExists: true }],
    [{ 'if-match': `${etag}, "not-ours", ${other}` }, { ifMatch: [versionId, otherId] }],
    [{ 'if-match': `W/${etag}` }, { ifMatch: [] }],
    [{ 'if-match': '"not-ours"' }, { ifMatch: [] }],
    [
      { 'if-match': '*', 'if-none-match': '*' },
      { ifExists: true, ifAbsent: true },
    ],
    [{ 'if-match': etag, 'if-unmodified-since': earlier }, { ifMatch: [versionId] }],
    [{ 'if-modified-since': later }, {}],
  ])('makes of %j: %j', (headers, condition) => {
    expect(parseWriteCondition(headers)).toEqual(condition);
  });

  it.each([{ 'if-none-match': etag }, { 'if-unmodified-since': same }, { 'if-match': versionId }])(
    'refuses %j rather than overwrite what the client meant to keep',
    (headers) => {
      expect(() => parseWriteCondition(headers)).toThrow(InvalidRequestError);
    },
  );
});

describe('rangeStillApplies', () => {
  it.each([
    [undefined, true],
    [etag, true],
    [same, false],
    [other, false],
    [`W/${etag}`, false],
    [earlier, false],
    [later, false],
    ['', false],
  ])('says of %j: %s', (ifRange, applies) => {
    expect(rangeStillApplies(ifRange, current)).toBe(applies);
  });
});
