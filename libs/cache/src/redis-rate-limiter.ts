import { checkRateLimit } from './rate-limiter.ts';
import type { RateLimit, RateLimitDecision, RateLimiter } from './rate-limiter.ts';
import { replyItems } from './redis-connection.ts';
import type { RedisCommands, RedisReply } from './redis-connection.ts';
import { RedisScript } from './redis-script.ts';
import { describeDecision } from './sliding-window.ts';

/** The same as slideTo and fits; by Redis' clock, as the clocks of the callers differ. */
const TAKE = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local started, current, previous = now, 0, 0
local held = redis.call('GET', KEYS[1])
if held then
  local s, c, p = string.match(held, '^(%d+):(%d+):(%d+)$')
  started, current, previous = tonumber(s), tonumber(c), tonumber(p)
  local passed = math.floor((now - started) / window)
  if passed == 1 then started, current, previous = started + window, 0, current end
  if passed > 1 then started, current, previous = now, 0, 0 end
end
local elapsed = math.max(0, now - started)
local allowed = 0
if previous * (window - elapsed) + (current + cost) * window <= limit * window then
  allowed, current = 1, current + cost
  redis.call('SET', KEYS[1], string.format('%.0f:%.0f:%.0f', started, current, previous), 'PX', 2 * window - elapsed)
end
return {allowed, elapsed, current, previous}
`);

/** Where the counters are kept. */
export interface RedisRateLimiterOptions {
  readonly client: RedisCommands;
  /** Starts every key. @default 'rate' */
  readonly prefix?: string;
}

/** One limit for all processes. Rejects with CacheUnavailableError when Redis cannot be asked. */
export class RedisRateLimiter implements RateLimiter {
  readonly #client: RedisCommands;
  readonly #prefix: string;

  constructor({ client, prefix = 'rate' }: RedisRateLimiterOptions) {
    this.#client = client;
    this.#prefix = prefix;
  }

  async take(key: string, rateLimit: RateLimit): Promise<RateLimitDecision> {
    const checked = checkRateLimit(rateLimit);
    const { limit, windowMs, cost } = checked;
    const args = [String(limit), String(windowMs), String(cost)];
    const reply = await TAKE.run(this.#client, [`${this.#prefix}:${windowMs}:${key}`], args);
    const [allowed, elapsedMs, current, previous] = numbers(reply);
    return describeDecision(allowed === 1, { window: { startedAt: 0, current, previous }, elapsedMs }, checked);
  }
}

function numbers(reply: RedisReply): readonly [number, number, number, number] {
  const [allowed, elapsedMs, current, previous] = replyItems(reply).map(Number);
  return [allowed ?? 0, elapsedMs ?? 0, current ?? 0, previous ?? 0];
}
