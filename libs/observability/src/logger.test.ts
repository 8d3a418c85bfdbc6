import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';
import type { LoggerOptions } from './logger.ts';
import { captureLogs } from './testing/captured-logs.ts';

function givenSink(options: Partial<LoggerOptions> = {}) {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const logger = createLogger({ service: 'api', version: '1.2.3', destination, ...options });
  return { logger, written, line: () => JSON.parse(written[0] ?? '') as Record<string, unknown> };
}

describe('createLogger', () => {
  it('writes one JSON line with level, time, service, version, fields and message', () => {
    const { logger, written, line } = givenSink({ fields: { env: 'staging' } });
    logger.info({ route: '/v1/buckets', code: 200 }, 'request served');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{.*\}\n$/);
    expect(line()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'api',
      version: '1.2.3',
      env: 'staging',
      route: '/v1/buckets',
      code: 200,
      message: 'request served',
    });
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ] as const)('at level %s writes %j', (level, expected) => {
    const { logger, lines } = captureLogs({ level });
    logger.debug({}, 'm');
    logger.info({}, 'm');
    logger.warn({}, 'm');
    logger.error({}, 'm');
    expect(lines.map((line) => line.level)).toEqual(expected);
  });

  it('gives children the fields of all their parents', () => {
    const { logger, lines } = captureLogs();
    logger.child({ request_id: 'r1' }).child({ account: 'a1' }).info({ code: 200 }, 'm');
    expect(lines[0]).toMatchObject({ service: 'test', request_id: 'r1', account: 'a1', code: 200 });
  });

  it('writes an error with its causes', () => {
    const { logger, lines } = captureLogs();
    logger.error({ err: new Error('outer', { cause: new TypeError('inner') }) }, 'failed');
    expect(lines[0]).toMatchObject({
      message: 'failed',
      err: { type: 'Error', message: 'outer', cause: { type: 'TypeError', message: 'inner' } },
    });
    expect((lines[0] as unknown as { err: { stack: string } }).err.stack).toContain('logger.test.ts');
  });

  it('takes an error in place of fields', () => {
    const { logger, lines } = captureLogs();
    logger.error(new Error('bare'), 'failed');
    expect(lines[0]).toMatchObject({ message: 'failed', err: { message: 'bare' } });
  });

  it('lets no planted secret through, wherever it stands', () => {
    const secret = 'hunter2hunter2';
    const { logger, written } = givenSink({ fields: { apiKey: secret } });
    const fields = {
      authorization: secret,
      headers: { cookie: secret, 'set-cookie': [secret], authorization: `Bearer ${secret}` },
      body: { user: { password: secret, tokens: [secret] } },
      link: `https://files/l/${secret}`,
      key: secret,
      url: `https://s3/b?X-Amz-Signature=${secret}`,
      database: `postgres://ada:${secret}@db/x`,
      err: new Error(`connect postgres://ada:${secret}@db/x`, { cause: new Error(`Authorization: Basic ${secret}`) }),
      request: new Request('http://files/', { headers: { cookie: secret } }),
    };
    logger.info(fields, 'one');
    logger.child(fields).error({ nested: { fields } }, 'two');
    expect(written).toHaveLength(2);
    expect(written.join('')).not.toContain('hunter2');
  });

  it('escapes line breaks and terminal escapes, so that no one can forge a line', () => {
    const { logger, written } = givenSink();
    logger.info({ agent: 'a\r\n{"level":"error","message":"forged"}\u001b[31m' }, 'm');
    expect(written).toHaveLength(1);
    for (const raw of ['\r', '\n', '\u001b']) expect(written[0]?.trimEnd()).not.toContain(raw);
  });

  it('keeps format directives of a message as they are', () => {
    const { logger, lines } = captureLogs();
    logger.info({}, '100%s %j');
    expect(lines[0]?.message).toBe('100%s %j');
  });

  it('flushes its destination and forgives it', () => {
    let flushed = 0;
    const write = () => undefined;
    const sink = { write, flushSync: () => void (flushed += 1) };
    createLogger({ service: 'api', destination: sink }).flush();
    expect(flushed).toBe(1);
    const broken = createLogger({
      service: 'api',
      destination: {
        write,
        flushSync: () => {
          throw new Error('gone');
        },
      },
    });
    expect(() => {
      broken.flush();
    }).not.toThrow();
    expect(broken.droppedLines).toBe(0);
  });
});

describe('captureLogs', () => {
  it('finds lines by their message', () => {
    const { logger, withMessage } = captureLogs();
    logger.info({ n: 1 }, 'a');
    logger.info({ n: 2 }, 'b');
    expect(withMessage('b').map((line) => line.n)).toEqual([2]);
  });
});
