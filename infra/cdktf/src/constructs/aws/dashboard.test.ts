import { describe, expect, it } from '@jest/globals';
import { givenStack } from '../../../test/given-stack.ts';
import { asPolicy } from '../../policy/resource-graph.ts';
import { Dashboard, type DashboardProps } from './dashboard.ts';
import type { Metric } from './metric.ts';
import { TraceSettings } from './trace-settings.ts';

const metric: Metric = { namespace: 'AWS/X', name: 'Errors', dimensions: { Id: 'x' }, statistic: 'Sum' };
const chart = { title: 'Errors', lines: { all: metric } };

function widgetsOf(rows: DashboardProps['rows']): unknown {
  const graph = givenStack((stack) => new Dashboard(stack, 'Page', { name: 'page', rows }));
  return asPolicy(graph.at('given/Page').attributes.dashboard_body)?.widgets;
}

describe('Dashboard', () => {
  it('lays rows below each other, each as wide as the page', () => {
    expect(
      widgetsOf([
        [chart, chart],
        [chart, { title: 'Lights', alarms: [{ arn: 'arn:x' }] }, chart],
      ]),
    ).toMatchObject([
      { x: 0, y: 0, width: 12 },
      { x: 12, y: 0, width: 12 },
      { x: 0, y: 6, width: 8 },
      { x: 8, y: 6, width: 8, type: 'alarm', properties: { title: 'Lights', alarms: ['arn:x'] } },
      { x: 16, y: 6, width: 8 },
    ]);
  });

  it('draws metrics of its region, or of another', () => {
    expect(widgetsOf([[chart, { ...chart, region: 'eu-west-1', periodSeconds: 60 }]])).toMatchObject([
      {
        type: 'metric',
        properties: {
          region: 'us-east-1',
          period: 300,
          metrics: [['AWS/X', 'Errors', 'Id', 'x', { label: 'all', stat: 'Sum' }]],
        },
      },
      { properties: { region: 'eu-west-1', period: 60 } },
    ]);
  });

  it('draws formulas, whose metrics are hidden and do not clash', () => {
    const formula = { expression: 'MAX([FILL(m0,0),m1])', metrics: { m0: metric, m1: metric } };
    expect(widgetsOf([[{ title: 'Two', lines: { one: formula, other: formula } }]])).toMatchObject([
      {
        properties: {
          metrics: [
            [{ id: 'e0', label: 'one', expression: 'MAX([FILL(e0m0,0),e0m1])' }],
            ['AWS/X', 'Errors', 'Id', 'x', { id: 'e0m0', visible: false }],
            ['AWS/X', 'Errors', 'Id', 'x', { id: 'e0m1', visible: false }],
            [{ id: 'e1', expression: 'MAX([FILL(e1m0,0),e1m1])' }],
            ['AWS/X', 'Errors', 'Id', 'x', { id: 'e1m0' }],
            ['AWS/X', 'Errors', 'Id', 'x', { id: 'e1m1' }],
          ],
        },
      },
    ]);
  });

  it('refuses rows that nobody could read', () => {
    expect(() => widgetsOf([[chart, chart, chart, chart, chart]])).toThrow('1 to 4 charts, not 5');
    expect(() => widgetsOf([[]])).toThrow('not 0');
  });
});

describe('TraceSettings', () => {
  it.each([-0.1, 1.5])('refuses to trace a share of %d', (sampling) => {
    const build = () => givenStack((stack) => new TraceSettings(stack, 'Traces', { sampling, healthPath: '/h' }));
    expect(build).toThrow(`between 0 and 1, not ${sampling}`);
  });
});
