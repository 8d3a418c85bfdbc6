import { randomUUID } from 'node:crypto';
import { password, send, type Answer, type CallInit, type Client } from './given.ts';
import type { RunningApi } from './start-api.ts';

type Api = Pick<RunningApi, 'url'>;

/** A browser that is signed in. */
export interface Browser {
  readonly email: string;
  readonly userId: string;
  readonly sessionId: string;
  /** `name=value`, as it is sent back. */
  readonly cookie: string;
  /** The answer to the sign-in. */
  readonly signedIn: Answer;
  /** Sends a request with the cookie, to another API of the same installation if one is given. */
  readonly call: (method: string, path: string, init?: CallInit & { readonly api?: Api }) => Promise<Answer>;
}

export async function signIn(api: Api, email: string, typed: string = password): Promise<Browser> {
  const signedIn = await send(api, 'POST', '/v1/sessions', { json: { email, password: typed } });
  if (signedIn.status !== 201) throw new Error(`Sign-in answered ${signedIn.status}: ${signedIn.bytes.toString()}`);
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  return {
    email,
    userId: signedIn.json.user.id as string,
    sessionId: signedIn.json.id as string,
    cookie,
    signedIn,
    call: (method, path, { api: at = api, ...init } = {}) =>
      send(at, method, path, { ...init, headers: { cookie, ...init.headers } }),
  };
}

/** A user of the client's account, who came by invitation, in a browser. */
export async function givenColleague(api: Api, client: Client, role: 'admin' | 'member'): Promise<Browser> {
  const email = newEmail();
  const invited = await client.call('POST', '/v1/invitations', { json: { email, role } });
  const accepted = await send(api, 'POST', '/v1/invitations/accept', { json: { token: invited.json.token, password } });
  if (accepted.status !== 201) throw new Error(`Accepting answered ${accepted.status}: ${accepted.bytes.toString()}`);
  return signIn(api, email);
}

export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

/** Sends requests with an access token. */
export function callWith(api: Api, token: string): Client['call'] {
  return (method, path, init = {}) =>
    send(api, method, path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
}
