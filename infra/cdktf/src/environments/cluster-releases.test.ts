import { expect, it } from '@jest/globals';
import { clusterReleases, clusterVersions } from './cluster-releases.ts';

// Kubernetes allows a proxy that is older than its control plane; the autoscaler simulates the scheduler of one version alone.
it.each(clusterVersions)('what follows the version of Kubernetes does so: %s', (version) => {
  const { autoscaler, addons } = clusterReleases[version];
  for (const build of [autoscaler, addons['kube-proxy']]) expect(build.startsWith(`v${version}.`)).toBe(true);
});
