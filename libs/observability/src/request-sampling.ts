import type { IncomingMessage } from 'node:http';
import { parseTraceParent } from './request-id.ts';

/** Options of {@link createRequestFilter}; see TracingOptions. */
export interface RequestFilterOptions {
  readonly ratio?: number;
  readonly trustIncomingSampling?: boolean;
  readonly ignoredPaths?: readonly string[];
  /** @default Math.random */
  readonly random?: () => number;
}

/**
 * Decides which incoming requests are not recorded. At this point a request that is not recorded costs next to nothing, as all
 * spans below it are suppressed; a ratio sampler would have them made and thrown away.
 */
export function createRequestFilter(
  options: RequestFilterOptions,
): (request: Pick<IncomingMessage, 'url' | 'headers'>) => boolean {
  const { ratio = 0.1, trustIncomingSampling = false, random = Math.random } = options;
  const ignoredPaths = new Set(options.ignoredPaths ?? ['/health', '/livez', '/readyz', '/metrics']);
  return ({ url = '/', headers }) => {
    if (ignoredPaths.has(url.split('?', 1)[0] ?? url)) return true;
    const parent = trustIncomingSampling ? parseTraceParent(headers.traceparent) : undefined;
    return parent ? !parent.sampled : random() >= ratio;
  };
}
