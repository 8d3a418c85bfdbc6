import { expect, it } from '@jest/globals';
import { Health } from '@stowage/observability';
import { HttpApp } from '../../test/http-app.ts';
import { healthRoutes } from './health-routes.ts';

it('200: while every check passes; 503: when one does not; either way no cache may keep it, and no detail is told', async () => {
  let failing = false;
  const health = new Health({ cacheMs: 0 });
  health.addReadinessCheck('database', async () => {
    if (failing) throw new Error('secret host is away');
  });
  await using app = await HttpApp.listen(healthRoutes(health));
  expect(await app.send({ path: '/health' })).toMatchObject({
    status: 200,
    json: { status: 'ok' },
    headers: { 'cache-control': 'no-store' },
  });
  failing = true;
  const answer = await app.send({ path: '/health' });
  expect(answer).toMatchObject({
    status: 503,
    json: { status: 'unavailable' },
    headers: { 'cache-control': 'no-store' },
  });
  expect(answer.body).not.toContain('secret');
});
