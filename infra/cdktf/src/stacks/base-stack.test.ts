import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { describe, expect, it } from '@jest/globals';
import { Construct } from 'constructs';
import { givenStack, GivenStack } from '../../test/given-stack.ts';
import { addEphemeral, Annotations, createApp, override, TerraformStack } from '../cdktf.ts';
import { asAttributes } from '../policy/resource-graph.ts';
import { BaseStack } from './base-stack.ts';

describe('BaseStack', () => {
  it('tags everything by the provider, with who owns it and who pays', () => {
    const { terraform } = givenStack(() => undefined).stack('given');
    const [provider] = Object.values(asAttributes(terraform.provider)).flat();
    expect(asAttributes(provider).default_tags).toEqual([
      {
        tags: {
          Product: 'stowage',
          Environment: 'dev',
          Stack: 'given',
          Owner: 'platform',
          CostCentre: 'stowage-dev',
          ManagedBy: 'terraform',
        },
      },
    ]);
  });

  it('names what has no name after its place in the code', () => {
    const graph = givenStack((stack) => {
      new SqsQueue(new Construct(stack, 'DeadLetters'), 'Resource', {});
      new SqsQueue(stack, 'Named', { tags: { Name: 'mine' } });
    });
    expect(graph.at('given/DeadLetters').attributes.tags).toEqual({ Name: 'stowage-dev-given-dead-letters' });
    expect(graph.at('given/Named').attributes.tags).toEqual({ Name: 'mine' });
  });

  it('is found from within, with account, region and names', () => {
    givenStack((stack) => {
      const inside = new Construct(new Construct(stack, 'A'), 'B');
      expect(BaseStack.of(inside)).toBe(stack);
      expect(stack.resourceName('blobs', 'bucket')).toBe('stowage-dev-blobs-111111111111');
      expect(stack.logGroupName('flows')).toBe('/stowage/dev/flows');
      expect(stack.arn({ service: 'ec2', resource: 'vpc-flow-log/*' })).toBe(
        'arn:aws:ec2:us-east-1:111111111111:vpc-flow-log/*',
      );
      expect(stack.boundaryArn).toBe('arn:aws:iam::111111111111:policy/stowage-dev-boundary');
    });
  });

  it('is not taken for a stack of another kind', () => {
    const app = createApp({ outDirectory: 'dist/never-written' });
    expect(() => BaseStack.of(new TerraformStack(app, 'plain'))).toThrow('plain is no BaseStack.');
  });
});

// An aspect of the app would never be asked by CDKTF 0.21: these show that ours are.
describe('aspects', () => {
  it('refuse a resource that changes a required tag', () => {
    expect(() =>
      givenStack((stack) => new CloudwatchLogGroup(stack, 'Logs', { tags: { Owner: 'nobody', Name: 'x' } })),
    ).toThrow(/Encountered Annotations with level "ERROR":\n\[given\/Logs\] changes Owner/);
  });

  it('refuse a launch template whose machines and disks would have no tags', () => {
    expect(() => givenStack((stack) => new LaunchTemplate(stack, 'Template', {}))).toThrow(
      '[given/Template] launches instance and volume without Product, Environment',
    );
  });

  it('accept one that tags them', () => {
    const graph = givenStack(
      (stack) =>
        new LaunchTemplate(stack, 'Template', {
          tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
            resourceType,
            tags: { ...stack.requiredTags },
          })),
        }),
    );
    expect(graph.ofType('aws_launch_template')).toHaveLength(1);
  });

  it('stop synthesis on any error', () => {
    expect(() => givenStack((stack) => Annotations.of(stack).addError('is wrong'))).toThrow('[given] is wrong');
  });
});

describe('what the bindings lack', () => {
  it('is written in the spelling of Terraform', () => {
    const { terraform } = givenStack((stack) => {
      const password = {
        type: 'aws_secretsmanager_random_password',
        name: 'master',
        attributes: { password_length: 32 },
      };
      expect(addEphemeral(stack, password)).toBe('ephemeral.aws_secretsmanager_random_password.master');
      override(new SqsQueue(stack, 'Queue', {}), { fifo_queue: true });
    }).stack('given');
    expect(terraform.ephemeral).toEqual({ aws_secretsmanager_random_password: { master: { password_length: 32 } } });
    expect(terraform).toHaveProperty('resource.aws_sqs_queue.Queue.fifo_queue', true);
  });
});

describe('GivenStack', () => {
  it('is a stack of dev', () => {
    const app = createApp({ outDirectory: 'dist/never-written' });
    expect(new GivenStack(app).accountId).toBe('111111111111');
  });
});
