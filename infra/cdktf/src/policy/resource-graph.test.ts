import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { describe, expect, it } from '@jest/globals';
import { givenStack, GivenStack } from '../../test/given-stack.ts';
import { synthesizedApp } from '../../test/synthesized.ts';
import { environmentNamed } from '../environments/read-environment.ts';
import { BaseStack } from '../stacks/base-stack.ts';
import { asAttributes, asPolicy, ResourceGraph } from './resource-graph.ts';

const policyText = (arn: string) => JSON.stringify({ Statement: [{ Resource: arn, Condition: { ArnLike: arn } }] });

class OtherStack extends BaseStack {
  constructor(app: ConstructorParameters<typeof GivenStack>[0], queue: SqsQueue) {
    super(app, 'other', environmentNamed('dev'));
    new SqsQueuePolicy(this, 'Policy', { queueUrl: queue.url, policy: policyText(queue.arn) });
  }
}

describe('ResourceGraph', () => {
  const graph = givenStack((stack) => {
    const queue = new SqsQueue(stack, 'Queue', {});
    new SqsQueuePolicy(stack, 'Policy', { queueUrl: queue.url, policy: policyText(queue.arn) });
  });

  it('finds resources by type and by place', () => {
    expect(graph.ofType('aws_sqs_queue').map(({ path }) => path)).toEqual(['given/Queue']);
    expect(graph.at('given/Policy').type).toBe('aws_sqs_queue_policy');
    expect(() => graph.at('given/Nothing')).toThrow('There is no resource at "given/Nothing".');
    expect(() => graph.stack('nothing')).toThrow('There is no stack "nothing".');
  });

  it('finds what an attribute points at, also from within a policy', () => {
    const policy = graph.at('given/Policy');
    expect(graph.targetOf(policy, 'queue_url')).toBe(graph.at('given/Queue'));
    expect(graph.referencesOf(policy).map(({ at, attribute }) => [at, attribute])).toEqual([
      ['policy', 'arn'],
      ['policy', 'arn'],
      ['queue_url', 'url'],
    ]);
    expect(graph.referrersOf(graph.at('given/Queue'), 'aws_sqs_queue_policy')).toEqual([policy]);
    expect(graph.targetOf(graph.at('given/Queue'), 'name')).toBeUndefined();
  });

  it('follows references into other stacks', () => {
    const across = synthesizedApp((app) => {
      const queue = new SqsQueue(new GivenStack(app), 'Queue', {});
      new OtherStack(app, queue);
    });
    const policy = across.at('other/Policy');
    expect(across.targetOf(policy, 'policy')).toBe(across.at('given/Queue'));
    expect(across.stack('other').dependencies).toEqual(['given']);
  });

  it('is what it is made of', () => {
    const [stack] = graph.stacks;
    const empty = stack && new ResourceGraph([{ ...stack, terraform: { resource: { aws_vpc: { Main: {} } } } }]);
    expect(empty?.resources).toEqual([
      { stack: 'given', kind: 'resource', type: 'aws_vpc', logicalName: 'Main', path: 'Main', attributes: {} },
    ]);
  });
});

describe('reading values', () => {
  it('takes for a policy what is a JSON object', () => {
    expect(asPolicy('{"Statement":[]}')).toEqual({ Statement: [] });
    expect(asPolicy('${aws_x.y.json}')).toBeUndefined();
    expect(asPolicy(3)).toBeUndefined();
  });

  it('takes for a block what is an object', () => {
    expect(asAttributes({ a: 1 })).toEqual({ a: 1 });
    for (const other of [undefined, null, 'text', ['list']]) expect(asAttributes(other)).toEqual({});
  });
});
