import type { Health } from '@stowage/observability';
import { z } from 'zod';
import { route, type Route } from '../http/route.ts';

const healthResponse = z.object({ status: z.enum(['ok', 'unavailable']) });

/** What the load balancer asks. The operations port tells more, to those who may know. */
export function healthRoutes(health: Pick<Health, 'readiness'>): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/health',
      operationId: 'getHealth',
      tag: 'health',
      summary: 'Whether this process takes requests',
      access: 'anonymous',
      rateLimit: 'none',
      request: {},
      responses: {
        200: { description: 'It does.', body: healthResponse },
        503: {
          description: 'It is starting or stopping, or a service it cannot do without is away.',
          body: healthResponse,
        },
      },
      problems: [],
      handle: async (_input, { res }) => {
        const { ready } = await health.readiness();
        res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'unavailable' });
      },
    }),
  ];
}
