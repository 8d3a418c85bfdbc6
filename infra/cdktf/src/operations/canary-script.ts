/** What runs the script: Node.js without a browser. */
export const canaryRuntime = 'syn-nodejs-5.1';

/**
 * What the canary does, as a program of its own: CloudWatch Synthetics runs it outside of our network. It goes the way of a
 * client who knows nothing yet: is the API well, does it describe itself, does it refuse strangers in its own words?
 */
export const canaryScript = `'use strict';

const origin = process.env.API_ORIGIN;

async function ask(path, expected) {
  const response = await fetch(origin + path, { signal: AbortSignal.timeout(10_000) });
  const body = await response.json();
  if (response.status !== expected) throw new Error(path + ' answered ' + response.status + ' instead of ' + expected);
  return body;
}

exports.handler = async () => {
  const health = await ask('/health', 200);
  if (health.status !== 'ok') throw new Error('/health says ' + health.status);
  const document = await ask('/openapi.json', 200);
  if (!String(document.openapi).startsWith('3.1')) throw new Error('/openapi.json is no OpenAPI 3.1');
  const problem = await ask('/v1/users/me', 401);
  if (problem.type !== '/problems/unauthenticated') throw new Error('a stranger was refused with ' + problem.type);
};
`;
