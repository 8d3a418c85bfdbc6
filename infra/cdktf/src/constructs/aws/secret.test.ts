import { describe, expect, it } from '@jest/globals';
import { givenRole, grantedTo } from '../../../test/given-role.ts';
import { givenStack, type GivenStack } from '../../../test/given-stack.ts';
import { asAttributes } from '../../policy/resource-graph.ts';
import { EncryptionKey } from './encryption-key.ts';
import { GeneratedSecret } from './secret.ts';

describe('a generated secret', () => {
  const graph = givenStack((stack) => {
    givenSecret(stack).grantRead(givenRole(stack));
  });

  it('is drawn anew in each run, and stored only when its version is raised', () => {
    const { ephemeral } = graph.stack('given').terraform;
    expect(asAttributes(ephemeral).aws_secretsmanager_random_password).toEqual({
      a_token: { password_length: 40, exclude_punctuation: true },
    });
    expect(graph.at('given/Secret/Version').attributes).toMatchObject({
      secret_string_wo: '${ephemeral.aws_secretsmanager_random_password.a_token.random_password}',
      secret_string_wo_version: 2,
    });
  });

  it('can be restored for a month', () => {
    expect(graph.at('given/Secret').attributes.recovery_window_in_days).toBe(30);
  });

  it('is read by whom it is granted to, with the key', () => {
    expect(grantedTo(graph).map(({ actions }) => actions)).toEqual([
      ['kms:Decrypt'],
      ['secretsmanager:GetSecretValue'],
    ]);
  });
});

function givenSecret(stack: GivenStack): GeneratedSecret {
  const key = new EncryptionKey(stack, 'Key', { name: 'given', description: 'Given by a test' });
  return new GeneratedSecret(stack, 'Secret', {
    ...{ name: 'a-token', description: 'A token', key, version: 2, isProtected: false },
  });
}
