import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { givenDev } from '../../test/given-environment.ts';
import { synthesized, synthesizedFrom } from '../../test/synthesized.ts';
import { parseEnvironment } from '../environments/read-environment.ts';
import { asAttributes, asPolicy, type GraphResource } from '../policy/resource-graph.ts';

const [dev, staging, production] = [synthesized('dev'), synthesized('staging'), synthesized('production')];
const runbooks = join(__dirname, '../../../../docs/runbooks');

function nameOf({ path }: GraphResource): string {
  return path.replace(/^observability\/(?:Alarm-)?/, '').replace(/\/Resource$/, '');
}

const alarms = production.ofType('aws_cloudwatch_metric_alarm').filter(({ stack }) => stack === 'observability');
const names = alarms.map(nameOf);

describe('alarms', () => {
  it.each([
    ['errors of the load balancer and of the API', ['load-balancer-errors', 'target-errors']],
    ['slow answers', ['slow-responses']],
    ['targets', ['unhealthy-targets', 'no-healthy-targets', 'target-connection-errors']],
    ['the firewall', ['refused-requests']],
    [
      'the database',
      ['database-cpu', 'database-credits', 'database-memory', 'database-storage', 'database-connections'],
    ],
    ['the replica', ['replica-lag', 'replica-cpu', 'replica-credits', 'replica-memory']],
    ['Redis', ['cache-cpu', 'cache-memory', 'cache-evictions', 'cache-replication-lag', 'cache-refused-sign-ins']],
    ['the network', ['nat-port-errors', 'nat-dropped-packets']],
    ['nodes', ['node-status', 'node-cpu']],
    ['what is outside', ['endpoint-unreachable', 'certificate-expiry', 'undelivered-alerts', 'faults-logged']],
  ])('watch %s', (_what, expected) => {
    expect(names).toEqual(expect.arrayContaining(expected));
  });

  it('watch what there is, and nothing else', () => {
    const inDev = dev.ofType('aws_cloudwatch_metric_alarm').map(nameOf);
    expect(names.filter((name) => !inDev.includes(name))).toEqual(
      expect.arrayContaining(['replica-lag', 'cache-replication-lag']),
    );
    expect(inDev.filter((name) => name.startsWith('replica-'))).toEqual([]);
  });

  it('tell one topic, at both ends, and say what silence means', () => {
    for (const alarm of alarms) {
      expect(production.targetOf(alarm, 'alarm_actions')?.path).toBe('account/Alerts/Resource');
      expect(production.targetOf(alarm, 'ok_actions')?.path).toBe('account/Alerts/Resource');
      expect(['breaching', 'notBreaching', 'ignore']).toContain(alarm.attributes.treat_missing_data);
    }
  });

  it('name resources that exist', () => {
    const metricsOf = ({ attributes }: GraphResource): readonly unknown[] =>
      Array.isArray(attributes.metric_query) ? attributes.metric_query : [attributes];
    const withDimensions = alarms.filter((alarm) => JSON.stringify(metricsOf(alarm)).includes('"dimensions":{"'));
    expect(alarms.length - withDimensions.length).toBe(1); // lines of logs have none
    const literal = /"(?:CacheClusterId|TopicName|WebACL|Region|Rule)"/;
    for (const alarm of withDimensions) {
      const watched = production.referencesOf(alarm).filter(({ at }) => at.includes('dimensions'));
      if (!literal.test(JSON.stringify(metricsOf(alarm))))
        expect([nameOf(alarm), watched.length > 0]).toEqual([nameOf(alarm), true]);
    }
  });

  it('have a limit for storage that follows the environment', () => {
    const limit = (graph: typeof dev) => graph.at('observability/Alarm-database-storage').attributes.threshold;
    expect(limit(dev)).toBe(0.1 * 20 * 1_024 ** 3);
    expect(limit(production)).toBe(0.1 * 100 * 1_024 ** 3);
  });

  it('add up to one that says that the service is down', () => {
    const { attributes } = production.at('observability/ServiceDown');
    expect(attributes).toMatchObject({
      alarm_name: 'stowage-production-service-down',
      alarm_rule:
        'ALARM("stowage-production-no-healthy-targets") OR ALARM("stowage-production-endpoint-unreachable") OR ALARM("stowage-production-canary-failed")',
    });
    expect(dev.at('observability/ServiceDown').attributes.alarm_rule).not.toContain('canary');
  });
});

describe('elsewhere than in us-east-1', () => {
  const zones = ['us-west-2a', 'us-west-2b'];
  const west = synthesizedFrom(parseEnvironment(givenDev({ account: { region: 'us-west-2' }, network: { zones } })));

  it('no alarm waits for a metric of Route 53, which is not there', () => {
    expect(dev.ofType('aws_cloudwatch_metric_alarm').map(nameOf)).toContain('endpoint-unreachable');
    expect(JSON.stringify(west.ofType('aws_cloudwatch_metric_alarm'))).not.toContain('AWS/Route53');
    expect(west.at('observability/ServiceDown').attributes.alarm_rule).toBe('ALARM("stowage-dev-no-healthy-targets")');
  });

  it('bills are still those of us-east-1', () => {
    expect(JSON.stringify(west.at('observability/Cost').attributes.dashboard_body)).toContain('us-east-1');
  });
});

describe('the canary', () => {
  it('may find the bucket it leaves its results in', () => {
    const [report] = production.ofType('aws_iam_role_policy').filter(({ path }) => /Canary.*Report/.test(path));
    expect(JSON.stringify(asPolicy(report?.attributes.policy))).toMatch(/s3:GetBucketLocation.*s3:ListAllMyBuckets/);
  });

  it('writes to a group of ours, and can make no other', () => {
    const group = production.at('observability/Canary/Logs');
    expect(group.attributes).toMatchObject({
      name: expect.stringMatching(
        /^\/aws\/lambda\/\$\{element\(split\(":", aws_synthetics_canary\.\w+\.engine_arn\), 6\)\}$/,
      ),
      retention_in_days: 365,
    });
    expect(production.targetOf(group, 'kms_key_id')?.path).toBe('network/LogsKey/Resource');
    const policies = production.ofType('aws_iam_role_policy').filter(({ path }) => path.includes('/Canary/'));
    expect(policies).not.toEqual([]);
    expect(JSON.stringify(policies.map(({ attributes }) => attributes.policy))).not.toContain('logs:CreateLogGroup');
  });
});

describe('runbooks', () => {
  const pages = readdirSync(runbooks).map((file) => file.replace(/\.md$/, ''));
  const composites = production.ofType('aws_cloudwatch_composite_alarm').map(() => 'service-down');

  it('exist for every alarm', () => {
    expect(pages).toEqual(expect.arrayContaining([...names, ...composites]));
  });

  it.each(pages)('%s says what it means, what it does, how to find out more and what to do', (page) => {
    const text = readFileSync(join(runbooks, `${page}.md`), 'utf8');
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Meaning', 'Impact', 'Diagnosis', 'Mitigation']);
  });
});

describe('logs', () => {
  it('have personal data masked where programs print', () => {
    const mask = production.at('observability/PersonalData');
    expect(production.targetOf(mask, 'log_group_name')?.path).toBe('cluster/ContainerLogs/Application/Resource');
    const { Statement: statements } = asPolicy(mask.attributes.policy_document) ?? {};
    expect(statements).toMatchObject([{ Operation: { Audit: {} } }, { Operation: { Deidentify: { MaskConfig: {} } } }]);
    expect(JSON.stringify(statements)).toContain('data-identifier/EmailAddress');
  });

  it('are asked by saved queries that name groups of ours', () => {
    const queries = production
      .ofType('aws_cloudwatch_query_definition')
      .filter(({ stack }) => stack === 'observability');
    expect(queries.length).toBeGreaterThanOrEqual(10);
    for (const query of queries) {
      expect(query.attributes.name).toMatch(/^stowage-production-logs\/[a-z]+\/[a-z-]+$/);
      expect(production.targetOf(query, 'log_group_names')?.type).toBe('aws_cloudwatch_log_group');
    }
  });
});

describe('traces', () => {
  it.each([
    ['dev', dev, 1],
    ['staging', staging, 0.2],
    ['production', production, 0.05],
  ] as const)('are taken of a share of requests in %s, and never of health checks', (_name, graph, fixed_rate) => {
    expect(graph.at('observability/Traces/Sampling-default').attributes).toMatchObject({ fixed_rate, url_path: '*' });
    expect(graph.at('observability/Traces/Sampling-health').attributes).toMatchObject({
      ...{ url_path: '/health', fixed_rate: 0, reservoir_size: 0, priority: 100 },
    });
  });

  it('can be looked at by what went wrong', () => {
    const filters = production.ofType('aws_xray_group').map(({ attributes }) => attributes.filter_expression);
    expect(filters.sort()).toEqual(['fault = true', 'responsetime > 1']);
  });
});

describe('costs', () => {
  it('are told of at half, four fifths and all of the budget, and when all is foreseen', () => {
    const [budget] = production.ofType('aws_budgets_budget');
    expect(budget?.attributes).toMatchObject({ limit_amount: '950', limit_unit: 'USD', time_unit: 'MONTHLY' });
    const notices = budget?.attributes.notification as readonly Readonly<Record<string, unknown>>[];
    expect(notices.map(({ notification_type: type, threshold }) => [type, threshold])).toEqual([
      ['ACTUAL', 50],
      ['ACTUAL', 80],
      ['ACTUAL', 100],
      ['FORECASTED', 100],
    ]);
    for (const { subscriber_sns_topic_arns: topics } of notices) expect(topics).toHaveLength(1);
  });
});

describe('dashboards', () => {
  it.each(['Edge', 'Data', 'Cost'])('%s is there', (id) => {
    const { attributes } = production.at(`observability/${id}`);
    const widgets = asPolicy(attributes.dashboard_body)?.widgets;
    expect(Array.isArray(widgets) && widgets.length).toBeGreaterThanOrEqual(5);
  });

  it('show bills where AWS has them', () => {
    const body = asPolicy(production.at('observability/Cost').attributes.dashboard_body);
    const [first] = body?.widgets as readonly unknown[];
    expect(asAttributes(asAttributes(first).properties).region).toBe('us-east-1');
  });
});
