import { describe, expect, it } from '@jest/globals';
import { set, drop, add, mutated } from '../../test/policy/mutation.ts';
import { synthesized } from '../../test/synthesized.ts';
import { environmentNames } from '../environments/read-environment.ts';
import type { ResourceGraph } from '../policy/resource-graph.ts';
import { findConnections, findSealedSubnets } from './reachability.ts';

const group = (name: string) => `network/Traffic/${name}`;

function reaching(graph: ResourceGraph, target: string): readonly string[] {
  return findConnections(graph)
    .filter(({ to }) => to === target)
    .map(({ from, ports }) => `${from.replace('network/Traffic/', '')} ${ports}`)
    .sort();
}

describe.each(environmentNames)('in %s', (name) => {
  const graph = synthesized(name);

  it('the internet reaches the load balancer on 80 and 443, and nothing else', () => {
    const open = findConnections(graph).filter(({ from }) => from === 'internet');
    expect(open).toEqual([
      { from: 'internet', to: group('LoadBalancer'), ports: '443' },
      { from: 'internet', to: group('LoadBalancer'), ports: '80' },
    ]);
  });

  it('the database and the cache are reached from nodes alone, each on its port, and the database by operators', () => {
    const operators = graph.ofType('aws_instance').map(() => 'Bastion 5432');
    expect(reaching(graph, group('Database'))).toEqual([...operators, 'Nodes 5432']);
    expect(reaching(graph, group('Cache'))).toEqual(['Nodes 6379']);
  });

  it('the load balancer reaches the API and nothing else', () => {
    const from = findConnections(graph).filter((connection) => connection.from === group('LoadBalancer'));
    expect(from).toEqual([{ from: group('LoadBalancer'), to: group('Nodes'), ports: '5002' }]);
  });

  it('only HTTPS leaves for the internet, and nothing from where data is kept', () => {
    const leaving = findConnections(graph).filter(({ to }) => to === 'internet');
    expect(new Set(leaving.map(({ ports }) => ports))).toEqual(new Set(['443']));
    expect(leaving.map(({ from }) => from)).not.toContain(group('Database'));
    const sealed = graph.ofType('aws_subnet').filter(({ path }) => path.includes('/Database/'));
    expect(findSealedSubnets(graph).toSorted()).toEqual(sealed.map(({ path }) => path).toSorted());
  });
});

describe('the model asks all that stands between', () => {
  const graph = synthesized('production');

  it('the security group of the one who asks', () => {
    const mute = mutated(graph, drop('aws_vpc_security_group_egress_rule', { at: /Nodes\/ToDatabase/ }));
    expect(reaching(mute, group('Database'))).toEqual(['Bastion 5432']);
  });

  it('the network ACL on both sides', () => {
    for (const at of [/App\/Outbound1$/, /Database\/Inbound0$/, /Database\/Outbound1$/]) {
      expect(
        reaching(mutated(graph, set('aws_network_acl_rule', ['rule_action', 'deny'], { at })), group('Database')),
      ).toEqual([]);
    }
  });

  it('the route to the internet', () => {
    const route = { destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' };
    const [table] = graph.ofType('aws_route_table').filter(({ path }) => path.includes('/Database/'));
    const opened = mutated(
      graph,
      add('aws_route', { ...route, route_table_id: `\${aws_route_table.${table?.logicalName ?? ''}.id}` }),
    );
    expect(findSealedSubnets(opened)).toHaveLength(findSealedSubnets(graph).length - 1);
  });
});
