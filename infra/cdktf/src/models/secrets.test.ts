import { describe, expect, it } from '@jest/globals';
import { add, mutated, set, type Mutation } from '../../test/policy/mutation.ts';
import { synthesized } from '../../test/synthesized.ts';
import { environmentNames } from '../environments/read-environment.ts';
import { findSecrets } from './secrets.ts';

describe('secrets', () => {
  it.each(environmentNames)('are neither in the output nor in the state of %s', (name) => {
    expect(findSecrets(synthesized(name))).toEqual([]);
  });

  const leaks: readonly (readonly [string, Mutation])[] = [
    ['a password', set('aws_db_instance', ['password', '${var.password}'])],
    ['the value of a secret', set('aws_secretsmanager_secret_version', ['secret_string', 'x'])],
    ['a token of Redis', set('aws_elasticache_replication_group', ['auth_token', 'x'])],
    [
      'passwords of users',
      set('aws_elasticache_user', ['authentication_mode', { type: 'password', passwords: ['x'] }]),
    ],
    ['a secret of Kubernetes', add('kubernetes_secret_v1', { data: {} })],
    ['a secret that is read', add('data.aws_secretsmanager_secret_version', { secret_id: 'x' })],
    [
      'a value of one run',
      set('aws_db_instance', ['db_name', '${ephemeral.aws_secretsmanager_random_password.a.random_password}']),
    ],
    ['a key that is written out', set('aws_instance', ['user_data', 'AKIAABCDEFGHIJKLMNOP'])],
  ];

  it.each(leaks)('would be found: %s', (_what, leak) => {
    expect(findSecrets(mutated(synthesized('production'), leak))).toHaveLength(1);
  });
});
