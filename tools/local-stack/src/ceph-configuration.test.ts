import { expect, it } from '@jest/globals';
import { renderCephConfiguration } from './ceph-configuration.ts';

it('keeps everything of the cluster in its directory and on the loopback interface', () => {
  const text = renderCephConfiguration({ directory: '/d', libraries: '/l', monitorPort: 4_711 });
  expect(text).toMatch(/^\[global\]\n/);
  expect(text).toContain('mon host = [v2:127.0.0.1:4711]\n');
  expect(text).toContain('mon data = /d/mon\n');
  expect(text).toContain('osd class dir = /l/rados-classes\n');
});
