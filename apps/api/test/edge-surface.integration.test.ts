import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiSettings, drainMs } from '../src/config/api-config.ts';
import { createPublicServer } from '../src/http-server.ts';
import { operationsOf, readDocument } from './api-description.ts';
import { startApi, type RunningApi } from './start-api.ts';

/** What the firewall and the load balancer were told of the API. */
const written = 'infra/cdktf/src/edge/api-surface.json';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

/** Express names what takes the rest of a path `*key`; the document does not tell it from one segment. */
function expressPaths(): ReadonlyMap<string, string> {
  const { stack } = api.app.router as unknown as { stack: readonly { readonly route?: { readonly path: string } }[] };
  const paths = stack.flatMap(({ route }) => (route === undefined ? [] : [route.path]));
  return new Map(paths.map((path) => [path.replaceAll(/[:*](\w+)/g, '{$1}'), path]));
}

async function surfaceOfTheApi(): Promise<unknown> {
  const document = await readDocument(api);
  const paths = expressPaths();
  // HEAD is answered wherever GET is.
  const operations = operationsOf(document).filter(({ method }) => method !== 'HEAD');
  const routes = operations.map(({ method, path, takesBytes, queryParameters }) => {
    const operation = document.paths[path]?.[method.toLowerCase()];
    return {
      method,
      path: paths.get(path),
      ...(takesBytes && { uploads: true }),
      ...(operation?.['x-rate-limit'] === 'sign-in' && { signsIn: true }),
      ...(queryParameters.length > 0 && { query: queryParameters.map(({ name }) => name) }),
    };
  });
  const order = ({ path, method }: (typeof routes)[number]) => `${path} ${method}`;
  return {
    port: apiSettings.shape.PORT.parse(undefined),
    healthPath: '/health',
    keepAliveSeconds: createPublicServer(() => undefined).keepAliveTimeout / 1000,
    drainSeconds: drainMs({ DRAIN_MS: undefined, NODE_ENV: 'production' }) / 1000,
    shutdownSeconds: apiSettings.shape.SHUTDOWN_MS.parse(undefined) / 1000,
    routes: routes.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
  };
}

describe('the edge', () => {
  it(`knows every route of the API: otherwise write what is expected here into ${written}`, async () => {
    const text = await readFile(join(__dirname, '../../..', written), 'utf8');
    expect(JSON.parse(text)).toEqual(await surfaceOfTheApi());
  });
});
