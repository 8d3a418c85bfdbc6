import { randomInt, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { exampleOf, fillPath, operationsOf, readDocument, type JsonSchema, type Operation } from './api-description.ts';
import { signIn } from './given-identity.ts';
import { givenAccount, givenBucket, givenObject, type Answer, type Client } from './given.ts';
import {
  brokenJson,
  hostileBodies,
  hostileHeaders,
  hostileQueries,
  hostileSegments,
  inParallel,
  methodsToTry,
  nowhere,
  typesOtherThanJson,
  type HostileRequest,
} from './hostile-requests.ts';
import { HttpExchange } from './http-exchange.ts';
import { problemFaults } from './problem-answers.ts';
import { startApi, type RunningApi } from './start-api.ts';
import { storedDigest } from './stored-digest.ts';

const seed = Number(process.env.TEST_SEED ?? randomInt(2 ** 31));
const bodiesForEach = 260;

let api: RunningApi;
let client: Client;
let exchange: HttpExchange;
let operations: readonly Operation[];
/** For every parameter of a path a thing that exists. */
let names: Readonly<Record<string, string>>;
let sent = 0;

beforeAll(async () => {
  api = await startApi();
  client = await givenAccount(api);
  exchange = new HttpExchange(api);
  operations = operationsOf(await readDocument(api));
  const bucket = await givenBucket(client, { publicRead: true });
  await givenObject(client, bucket, 'key');
  const { sessionId } = await signIn(api, client.email);
  const token = await client.call('POST', '/v1/access-tokens', { json: { name: 'other', scopes: ['read'] } });
  const invitation = await client.call('POST', '/v1/invitations', { json: { email: 'a@example.com', role: 'member' } });
  const { accountId, userId } = client;
  names = {
    bucket,
    key: 'key',
    accountId,
    userId,
    sessionId,
    tokenId: token.json.id,
    invitationId: invitation.json.id,
  };
});
afterAll(async () => {
  exchange[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
  // eslint-disable-next-line no-console -- to run the same requests again: TEST_SEED
  console.info(`hostile input: ${sent} requests, seed ${seed}`);
});

function perform({ method, path, headers, body }: HostileRequest): Promise<Answer> {
  sent += 1;
  const authorization = `Bearer ${client.token}`;
  return exchange.send(method, path, { headers: { authorization, ...headers }, ...(body !== undefined && { body }) });
}

function describeRequest({ operationId, method, path, headers, body }: HostileRequest): string {
  return `${operationId}: ${method} ${path.slice(0, 300)} ${JSON.stringify(headers ?? {}).slice(0, 200)} ${String(body ?? '').slice(0, 500)}`;
}

/** Whether the answer may be given at all: no 5xx, and a refusal that is a problem as documented. */
function answerFaults(request: HostileRequest, answer: Answer): readonly string[] {
  if (answer.status < 400) return [];
  const faults = problemFaults(answer, request.method);
  const documented = operations.find(({ operationId }) => operationId === request.operationId)?.responses ?? {};
  const isOfRoute = !['/problems/route-not-found', '/problems/method-not-allowed'].includes(answer.json?.type);
  return isOfRoute && !(String(answer.status) in documented)
    ? [...faults, `${answer.status} is not documented`]
    : faults;
}

/** Sends all; each must be refused with one of the statuses and an acceptable answer, and nothing may have changed. */
async function expectRefused(requests: readonly HostileRequest[], statuses: readonly number[] | 'any'): Promise<void> {
  const before = await storedDigest(api);
  const wrong: string[] = [];
  await inParallel(requests, async (request) => {
    const answer = await perform(request);
    const faults = [...answerFaults(request, answer)];
    if (statuses === 'any' ? answer.status < 400 : !statuses.includes(answer.status))
      faults.push(`answered ${answer.status}`);
    if (faults.length > 0) wrong.push(`${describeRequest(request)} → ${faults.join('; ')}`);
  });
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(await storedDigest(api)).toEqual(before);
}

/** A request as it should be; what is hostile about it is changed in it. */
function soundRequest({ operationId, method, path, body, takesBytes }: Operation): HostileRequest {
  return {
    ...{ operationId, method, path: fillPath(path, names) },
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(exampleOf(body)),
    }),
    ...(takesBytes && { body: 'content' }),
  };
}

/** What a router makes of the template of a path. */
function toPattern(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('{key}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

const withJson = (): Operation[] => operations.filter(({ body }) => body !== undefined);
const schemaOf = ({ body }: Operation): JsonSchema => body ?? {};

describe('the query of every operation', () => {
  it('400: unknown parameters, known ones twice, no UTF-8', async () => {
    const requests = operations.flatMap((operation) => {
      const request = soundRequest(operation);
      const known = operation.queryParameters.map(({ name }) => `${name}=1&${name}=1`);
      const queries = [...hostileQueries, ...known];
      return queries.map((query) => ({ ...request, path: `${request.path}?${query}` }));
    });
    await expectRefused(requests, [400]);
  });

  it('400: values of the wrong kind', async () => {
    const requests = operations.flatMap((operation) =>
      operation.queryParameters
        .filter(({ name }) => name !== 'prefix')
        .flatMap(({ name }) =>
          ['', '%00', 'x'.repeat(5000), '[object%20Object]', '%f0%9f%9a%a2', 'null'].map((value) => {
            const request = soundRequest(operation);
            return { ...request, path: `${request.path}?${name}=${value}` };
          }),
        ),
    );
    expect(requests.length).toBeGreaterThan(50);
    await expectRefused(requests, [400]);
  });
});

describe('the path of every operation', () => {
  it('4xx: hostile names and keys', async () => {
    const requests = operations.flatMap((operation) =>
      operation.pathParameters.flatMap((parameter) =>
        hostileSegments.map((segment) => {
          const [before = '', after = ''] = operation.path.split(`{${parameter}}`);
          return { ...soundRequest(operation), path: fillPath(before, names) + segment + fillPath(after, names) };
        }),
      ),
    );
    expect(requests.length).toBeGreaterThan(500);
    // 405: what is left of a path may be that of another route.
    await expectRefused(requests, [400, 404, 405]);
  });

  it.each([
    { key: '', title: 'of nothing', status: 404 },
    { key: '..%2f..', title: '..%2f..', status: 400 },
    { key: '%00', title: '%00', status: 400 },
    { key: 'x'.repeat(1025), title: 'of 1025 bytes', status: 400 },
    { key: '%ff', title: '%ff', status: 400 },
    { key: '%ed%a0%80', title: 'of a lone surrogate', status: 400 },
    { key: 'e%cc%81', title: 'that is not NFC', status: 400 },
  ])('$status: an object of the key $title is neither stored nor found', async ({ key, status }) => {
    const path = `/v1/buckets/${names.bucket ?? ''}/objects/${key}`;
    const requests = ['PUT', 'GET', 'HEAD', 'DELETE'].map((method) => ({
      operationId: `${method.toLowerCase()}Object`,
      method,
      path,
    }));
    await expectRefused(requests, [status]);
  });

  it('405 with Allow: methods that a path does not answer; 404: paths that do not exist', async () => {
    const wrong: string[] = [];
    for (const path of new Set(operations.map((operation) => operation.path))) {
      // GET /v1/users/me is a path of its own, PATCH /v1/users/me is that of a user called so.
      const matching = operations.filter((operation) => toPattern(operation.path).test(path));
      const allowed = operations.filter((operation) => operation.path === path).map(({ method }) => method);
      for (const method of methodsToTry) {
        if (matching.some((operation) => operation.method === method)) continue;
        const answer = await perform({ operationId: '', method, path: fillPath(path, names) });
        const allow = answer.headers.get('allow')?.split(', ') ?? [];
        const faults = problemFaults(answer, method);
        if (answer.status !== 405 || faults.length > 0 || allow.sort().join() !== allowed.sort().join())
          wrong.push(`${method} ${path} → ${answer.status} ${allow.join()} ${faults.join()}`);
      }
    }
    expect(wrong).toEqual([]);
    await expectRefused(
      nowhere.map((path) => ({ operationId: '', method: 'GET', path })),
      [404],
    );
  });
});

describe('the body of every operation that takes JSON', () => {
  it('400: no JSON', async () => {
    const requests = withJson().flatMap((operation) =>
      brokenJson.map((body) => ({ ...soundRequest(operation), body })),
    );
    await expectRefused(requests, [400]);
  });

  it('400: no UTF-8, where it would be taken for U+FFFD and stored as that', async () => {
    const requests = withJson().map((operation) => {
      const request = soundRequest(operation);
      const text = String(request.body)
        .replace('example-text-0', 'example-\u00ff-text')
        .replace('{}', '{"cacheControl":"\u00ff"}');
      return { ...request, body: Buffer.from(text, 'latin1') };
    });
    const textual = requests.filter(({ body }) => body.includes(0xff));
    expect(textual.length).toBeGreaterThanOrEqual(7);
    for (const request of textual) expect((await perform(request)).json.detail).toBe('The body is not valid UTF-8.');
    await expectRefused(textual, [400]);
  });

  it('415: another type, a coding, a charset that JSON has not', async () => {
    const requests = withJson().flatMap((operation) => {
      const request = soundRequest(operation);
      const typed = typesOtherThanJson.map((type) => ({ ...request, headers: { 'content-type': type } }));
      const coded = ['gzip', 'deflate', 'br', 'nonsense'].map((coding) => ({
        ...request,
        headers: { ...request.headers, 'content-encoding': coding },
        body: gzipSync(String(request.body)),
      }));
      return [...typed, ...coded];
    });
    await expectRefused(requests, [415]);
  });

  it('413: 3 MB, announced or not', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(3_000_000) });
    const requests = withJson().flatMap((operation) => {
      const request = { ...soundRequest(operation), body };
      return [request, { ...request, headers: { ...request.headers, 'transfer-encoding': 'chunked' } }];
    });
    await expectRefused(requests, [413]);
  });

  it('400: every required field left out, and one that nobody knows, each at its place', async () => {
    for (const operation of withJson()) {
      const example = exampleOf(schemaOf(operation)) as Record<string, unknown>;
      for (const name of [...(schemaOf(operation).required ?? []), 'unknown/~field']) {
        const { [name]: _left, ...others } = example;
        const body = JSON.stringify(name in example ? others : { ...example, [name]: 1 });
        const { status, json } = await perform({ ...soundRequest(operation), body });
        const pointers = json.errors?.map(({ pointer }: { pointer: string }) => pointer) ?? json;
        expect([operation.operationId, status, pointers]).toEqual([
          operation.operationId,
          400,
          expect.arrayContaining([`/${name.replace('~', '~0').replace('/', '~1')}`]),
        ]);
      }
    }
  });

  it('4xx: generated bodies that the documented schema refuses, with nothing stored', async () => {
    const requests = generated(({ schema, text }) => !schema.safeParse(JSON.parse(text)).success);
    expect(requests.length).toBeGreaterThan(1200);
    await expectRefused(requests, [400]);
  });

  it('no 5xx: generated bodies that the documented schema takes', async () => {
    const requests = generated(({ schema, text }) => schema.safeParse(JSON.parse(text)).success);
    const hashing = new Set(['signUp', 'signIn', 'acceptInvitation']);
    await expectNoFailure(requests.filter(({ operationId }, index) => !hashing.has(operationId) || index % 20 === 0));
  });
});

function generated(isWanted: (candidate: { schema: z.ZodType; text: string }) => boolean): HostileRequest[] {
  return withJson().flatMap((operation) => {
    const schema = z.fromJSONSchema(schemaOf(operation) as Parameters<typeof z.fromJSONSchema>[0]);
    const texts = fc.sample(hostileBodies(schemaOf(operation)), { seed, numRuns: bodiesForEach });
    return texts.filter((text) => isWanted({ schema, text })).map((body) => ({ ...soundRequest(operation), body }));
  });
}

async function expectNoFailure(requests: readonly HostileRequest[]): Promise<void> {
  const wrong: string[] = [];
  await inParallel(requests, async (request) => {
    const faults = answerFaults(request, await perform(request));
    if (faults.length > 0) wrong.push(`${describeRequest(request)} → ${faults.join('; ')}`);
  });
  expect(wrong.slice(0, 10)).toEqual([]);
}

describe('the headers of every operation', () => {
  it('no 5xx, whatever the documented ones hold', async () => {
    const requests = operations.flatMap((operation) =>
      operation.headerParameters.flatMap((parameter) =>
        hostileHeaders.map((value) => {
          const request = soundRequest(operation);
          return { ...request, headers: { ...request.headers, [parameter.toLowerCase().replace('name', 'a')]: value } };
        }),
      ),
    );
    expect(requests.length).toBeGreaterThan(800);
    await expectNoFailure(requests);
  });

  it('401: credentials that are none', async () => {
    const values = [
      '',
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      `Bearer ${'x'.repeat(5000)}`,
      `Bearer ${client.token}x`,
      'Bearer \u00ff',
      `Bearer ${client.token} `.trim() + ',',
      'Bearer null',
      `Bearer stw_${randomUUID()}`,
    ];
    const requests = operations
      .filter(({ isAnonymous }) => !isAnonymous)
      .flatMap((operation) =>
        values.map((authorization) => ({
          ...soundRequest(operation),
          headers: { ...soundRequest(operation).headers, authorization },
        })),
      );
    await expectRefused(requests, [401]);
  });

  it('answers whatever id a request brings, with one of its own where that is none', async () => {
    for (const id of ['\u00ff', 'x'.repeat(500), 'a b', '"', '<script>', '../..', '']) {
      const { status, headers } = await perform({
        operationId: '',
        method: 'GET',
        path: '/health',
        headers: { 'x-request-id': id },
      });
      expect([status, headers.get('x-request-id')]).toEqual([200, expect.stringMatching(/^[\w.-]{1,128}$/)]);
    }
  });
});

it('sent thousands of requests', () => {
  expect(sent).toBeGreaterThanOrEqual(5000);
});
