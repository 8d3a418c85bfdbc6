import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Options of {@link drain}. */
export interface DrainOptions {
  /** Turns not ready at once, which makes the balancer look elsewhere. */
  readonly health?: { startDraining(): void };
  /**
   * How long requests are still accepted, in milliseconds. It must outlast the balancer's noticing: a connection it opens
   * after the end is refused.
   * @default 10000
   */
  readonly drainMs?: number;
  /**
   * How long, after that, running requests may take before their connections are closed, in milliseconds.
   * @default 20000
   */
  readonly hardMs?: number;
  /**
   * How often idle connections are closed once no new ones are accepted, in milliseconds.
   * @default 50
   */
  readonly sweepMs?: number;
  /**
   * Ends the waiting at once, whatever is running; for a second signal.
   * @default never
   */
  readonly hurry?: AbortSignal;
}

/** How it ended: `clean` if every request was answered, `forced` if connections had to be cut. */
export interface DrainResult {
  readonly outcome: 'clean' | 'forced';
}

/**
 * Takes HTTP servers out of service without failing a request: readiness turns 503, every further response says `Connection:
 * close` (RFC 9112, section 9.6), requests are served for `drainMs`, then the listeners close, idle connections are swept
 * and whatever is left after `hardMs` is cut. Plain `server.close()` never ends while a client keeps a connection busy.
 *
 * `terminationGracePeriodSeconds` must be longer than the preStop sleep, `drainMs` and `hardMs` together.
 */
export async function drain(servers: Server | readonly Server[], options: DrainOptions = {}): Promise<DrainResult> {
  const { health, drainMs = 10_000, hurry } = options;
  const all = Array.isArray(servers) ? (servers as readonly Server[]) : [servers as Server];
  health?.startDraining();
  for (const server of all) closeConnectionsAfterResponses(server);
  // Aborting the wait is no failure: it only brings the end forward.
  await delay(drainMs, undefined, hurry ? { signal: hurry } : {}).catch(() => undefined);
  const outcomes = await Promise.all(all.map((server) => closeServer(server, options)));
  return { outcome: outcomes.includes('forced') ? 'forced' : 'clean' };
}

function closeConnectionsAfterResponses(server: Server): void {
  const askToClose = (_request: IncomingMessage, response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  };
  server.prependListener('request', askToClose);
  // Node answers `Expect: 100-continue` itself only as long as nobody listens for it.
  if (server.listenerCount('checkContinue') > 0) server.prependListener('checkContinue', askToClose);
}

async function closeServer(server: Server, options: DrainOptions): Promise<'clean' | 'forced'> {
  const { hardMs = 20_000, sweepMs = 50, hurry } = options;
  if (!server.listening) return 'clean';
  const closed = new Promise<'clean'>((resolve) => server.close(() => resolve('clean')));
  const deadline = new AbortController();
  const late = delay(hardMs, 'forced' as const, {
    signal: hurry ? AbortSignal.any([hurry, deadline.signal]) : deadline.signal,
  }).catch(() => 'forced' as const);
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const outcome = await Promise.race([closed, late]);
  clearInterval(sweep);
  deadline.abort();
  if (outcome === 'forced') server.closeAllConnections();
  return outcome;
}

/** What signals come from: the process, or an emitter in a test. */
export interface SignalSource {
  on(event: 'SIGTERM' | 'SIGINT', listener: (signal: NodeJS.Signals) => void): unknown;
}

/** Options of {@link onShutdownSignal}. */
export interface ShutdownSignalOptions {
  /**
   * Told of each further signal, which means that somebody has lost patience.
   * @default nothing is told
   */
  readonly onRepeat?: (signal: NodeJS.Signals) => void;
  /**
   * Signals within this time after the first are the same one: a key press reaches the whole process group, and a parent
   * hands it on as well. In milliseconds.
   * @default 1000
   */
  readonly sameSignalMs?: number;
  /** @default process */
  readonly source?: SignalSource;
  /**
   * A clock in milliseconds that never goes back.
   * @default performance.now
   */
  readonly now?: () => number;
}

/**
 * Resolves with the first SIGTERM or SIGINT, and from the call on keeps both from ending the process: the caller has
 * to bring it to its end.
 */
export function onShutdownSignal(options: ShutdownSignalOptions = {}): Promise<NodeJS.Signals> {
  const { onRepeat, sameSignalMs = 1_000, source = process, now = () => performance.now() } = options;
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (signal: NodeJS.Signals) => {
      if (firstAt === undefined) {
        firstAt = now();
        resolve(signal);
      } else if (now() - firstAt >= sameSignalMs) {
        onRepeat?.(signal);
      }
    };
    source.on('SIGTERM', onSignal);
    source.on('SIGINT', onSignal);
  });
}
