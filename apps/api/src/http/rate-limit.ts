import { createHash } from 'node:crypto';
import type { RateLimiter } from '@stowage/cache';
import type { Request, Response } from 'express';
import { RateLimitedError } from './http-errors.ts';

const windowMs = 60_000;

export interface RateLimits {
  readonly requestsPerMinute: number;
  readonly signInsPerMinute: number;
}

/** Rejects with RateLimitedError when the caller is over its limit. */
export type LimitRate = (kind: 'request' | 'sign-in', req: Request, res: Response) => Promise<void>;

export interface RateLimiters {
  /** Of this process alone: a question to Redis for each request would cost more than what it keeps away. */
  readonly requests: RateLimiter;
  /** Of all processes together. */
  readonly signIns: RateLimiter;
}

/** Limits by credential, by address without one, and sign-ins by address. */
export function createLimitRate(limiters: RateLimiters, limits: RateLimits): LimitRate {
  return async (kind, req, res) => {
    const address = req.ip ?? '';
    const caller = res.locals.principal?.credentialId ?? address;
    const isSignIn = kind === 'sign-in';
    const limit = isSignIn ? limits.signInsPerMinute : limits.requestsPerMinute;
    const limiter = isSignIn ? limiters.signIns : limiters.requests;
    const key = `${kind}:${isSignIn ? address : caller}`;
    const { allowed, remaining, retryAfterMs, resetsAfterMs } = await limiter.take(key, { limit, windowMs });
    if (isSignIn || !allowed) {
      res.setHeader('RateLimit-Limit', String(limit));
      res.setHeader('RateLimit-Remaining', String(remaining));
      res.setHeader('RateLimit-Reset', String(Math.ceil(resetsAfterMs / 1000)));
    }
    if (!allowed) throw new RateLimitedError(retryAfterMs);
  };
}

/** Limits attempts on one e-mail address, from whatever address they come. The address itself is not kept. */
export async function limitByEmail(limiter: RateLimiter, email: string, limits: RateLimits): Promise<void> {
  const key = `sign-in-email:${createHash('sha256').update(email).digest('base64url')}`;
  const { allowed, retryAfterMs } = await limiter.take(key, { limit: limits.signInsPerMinute, windowMs });
  if (!allowed) throw new RateLimitedError(retryAfterMs);
}
