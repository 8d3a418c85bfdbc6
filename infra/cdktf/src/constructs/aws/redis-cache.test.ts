import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { describe, expect, it } from '@jest/globals';
import { givenRole, grantedTo } from '../../../test/given-role.ts';
import { givenStack, type GivenStack } from '../../../test/given-stack.ts';
import { EncryptionKey } from './encryption-key.ts';
import { RedisCache } from './redis-cache.ts';
import { SecurityGroup } from './security-group.ts';

describe('who may connect', () => {
  it('may do so to this cache, as the user of that program', () => {
    const graph = givenStack((stack) => givenCache(stack).grantConnect(givenRole(stack), 'api'));
    expect(grantedTo(graph)).toEqual([
      {
        actions: ['elasticache:Connect'],
        on: expect.stringMatching(
          /^\$\{aws_elasticache_replication_group\.\w+\.arn\},\$\{aws_elasticache_user\.[\w-]+api\w+\.arn\}$/,
        ),
      },
    ]);
  });

  it('is nobody the cache was not made for', () => {
    givenStack((stack) => {
      const cache = givenCache(stack);
      expect(() => cache.grantConnect(givenRole(stack), 'worker')).toThrow(
        'The cache has no user for "worker", only for api.',
      );
    });
  });
});

describe('the nodes', () => {
  it('are named as metrics name them', () => {
    givenStack((stack) => {
      expect(givenCache(stack).nodeIds).toEqual(['stowage-dev-cache-001', 'stowage-dev-cache-002']);
    });
  });
});

function givenCache(stack: GivenStack): RedisCache {
  const vpc = new Vpc(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
  const key = new EncryptionKey(stack, 'Key', { name: 'given', description: 'Given by a test' });
  return new RedisCache(stack, 'Cache', {
    subnets: [new Subnet(stack, 'Subnet', { vpcId: vpc.id, cidrBlock: '10.0.0.0/24' })],
    securityGroup: new SecurityGroup(stack, 'Group', { vpc, name: 'cache', description: 'Redis' }),
    ...{ key, logsKey: key, logRetentionDays: 30, engineVersion: '7.1', nodeType: 'cache.t3.micro' },
    ...{ nodes: 2, snapshotDays: 1, programs: ['api'] },
  });
}
