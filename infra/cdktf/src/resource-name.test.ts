import { describe, expect, it } from '@jest/globals';
import { resourceName } from './resource-name.ts';

const scope = { environment: 'staging', accountId: '123456789012' };

describe('resourceName', () => {
  it('begins with the product and the environment', () => {
    expect(resourceName(scope, 'app-nodes')).toBe('stowage-staging-app-nodes');
  });

  it('gives buckets the account, since their names are the world’s', () => {
    expect(resourceName(scope, 'blobs', 'bucket')).toBe('stowage-staging-blobs-123456789012');
  });

  it.each(['Blobs', 'two--dashes', 'ends-', 'under_score', ''])('refuses %j', (name) => {
    expect(() => resourceName(scope, name)).toThrow('is no name for a resource');
  });

  it('refuses a name its service would refuse', () => {
    expect(resourceName(scope, 'a'.repeat(16), 'loadBalancer')).toHaveLength(32);
    expect(() => resourceName(scope, 'a'.repeat(17), 'loadBalancer')).toThrow('has 33 characters');
  });
});
