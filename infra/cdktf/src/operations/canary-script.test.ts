import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { canaryScript } from './canary-script.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const sound: Readonly<Record<string, Answer>> = {
  '/health': { status: 200, body: { status: 'ok' } },
  '/openapi.json': { status: 200, body: { openapi: '3.1.0' } },
  '/v1/users/me': { status: 401, body: { type: '/problems/unauthenticated' } },
};

/** Runs the script against answers of an API; resolves with the paths it asked for. */
async function runCanary(answers: Readonly<Record<string, Answer>>): Promise<readonly string[]> {
  const asked: string[] = [];
  const exports: { handler?: () => Promise<void> } = {};
  const fetch = async (url: string) => {
    const path = url.replace('https://files.example.com', '');
    asked.push(path);
    const answer = answers[path];
    return { status: answer?.status ?? 404, json: async () => answer?.body ?? {} };
  };
  const process = { env: { API_ORIGIN: 'https://files.example.com' } };
  runInContext(canaryScript, createContext({ exports, fetch, process, AbortSignal }));
  await exports.handler?.();
  return asked;
}

describe('the canary', () => {
  it('is content with an API that is well', async () => {
    await expect(runCanary(sound)).resolves.toEqual(['/health', '/openapi.json', '/v1/users/me']);
  });

  it.each<[string, Answer, string]>([
    ['/health', { status: 503, body: { status: 'unavailable' } }, '/health answered 503 instead of 200'],
    ['/health', { status: 200, body: { status: 'unavailable' } }, '/health says unavailable'],
    ['/openapi.json', { status: 200, body: {} }, 'no OpenAPI 3.1'],
    ['/v1/users/me', { status: 200, body: {} }, '/v1/users/me answered 200 instead of 401'],
    ['/v1/users/me', { status: 401, body: { type: 'about:blank' } }, 'refused with about:blank'],
  ])('complains when %s answers %j', async (path, answer, complaint) => {
    await expect(runCanary({ ...sound, [path]: answer })).rejects.toThrow(complaint);
  });
});
