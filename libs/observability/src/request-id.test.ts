import { describe, expect, it } from '@jest/globals';
import { parseAlbTraceId, parseTraceParent, requestId, toXRayTraceId } from './request-id.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('requestId', () => {
  it.each(['a', 'A-b_c.9', 'x'.repeat(128)])('takes %s', (id) => {
    expect(requestId(id)).toBe(id);
  });

  it.each([undefined, '', 'x'.repeat(129), 'a b', 'a\n', 'ä', '<b>', ['a'], 'a,b'])('makes a new one for %j', (id) => {
    expect(requestId(id, () => 'new')).toBe('new');
  });

  it('makes UUIDs', () => {
    expect(requestId(undefined)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('parseTraceParent', () => {
  it('reads ids and the sampled flag', () => {
    expect(parseTraceParent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, parentId: SPAN, sampled: true });
    expect(parseTraceParent(`00-${TRACE}-${SPAN}-02`)?.sampled).toBe(false);
    expect(parseTraceParent(`00-${TRACE}-${SPAN}-03`)?.sampled).toBe(true);
  });

  it('reads later versions, which may go on', () => {
    expect(parseTraceParent(`01-${TRACE}-${SPAN}-01-more`)?.traceId).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    [`00-${TRACE}-${SPAN}-01`],
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `01-${TRACE}-${SPAN}-01-${'x'.repeat(500)}`,
  ])('ignores %j', (header) => {
    expect(parseTraceParent(header)).toBeUndefined();
  });
});

describe('parseAlbTraceId', () => {
  const root = '1-67891233-abcdef012345678912345678';

  it.each([
    `Root=${root}`,
    `Self=1-67891234-12456789abcdef012345678;Root=${root}`,
    `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`,
    `Self=1-67891234-12456789abcdef012345678; Root=${root};CalledFrom=app`,
  ])('reads %s', (header) => {
    expect(parseAlbTraceId(header)).toBe(root);
  });

  it.each([undefined, '', 'Root=', 'Root=1-6789-abc', `root=${root}`, `Root=${root}\n`.repeat(20), [`Root=${root}`]])(
    'ignores %j',
    (header) => {
      expect(parseAlbTraceId(header)).toBeUndefined();
    },
  );
});

it('writes a W3C id as X-Ray shows it', () => {
  expect(toXRayTraceId(TRACE)).toBe('1-4bf92f35-77b34da6a3ce929d0e0e4736');
});
