import type { RequestHandler } from 'express';
import { RouteNotFoundError } from './http-errors.ts';

/** The answer when no route matched. */
export const notFound: RequestHandler = () => {
  throw new RouteNotFoundError();
};
