import type { Logger } from '@stowage/observability';
import type { Principal } from './principal.ts';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express offers no other way to type res.locals
  namespace Express {
    interface Locals {
      requestId: string;
      log: Logger;
      /** The route's template, once one has matched. */
      route?: string;
      principal?: Principal;
    }
  }
}
