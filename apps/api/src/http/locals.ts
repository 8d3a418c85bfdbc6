import type { Principal } from './principal.ts';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express offers no other way to type res.locals
  namespace Express {
    interface Locals {
      requestId: string;
      /** The route's template, once one has matched. */
      route?: string;
      principal?: Principal;
    }
  }
}
