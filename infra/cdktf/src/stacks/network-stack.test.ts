import { describe, expect, it } from '@jest/globals';
import { synthesized } from '../../test/synthesized.ts';
import { mayDo } from '../models/role-rights.ts';
import { blocksAt } from '../policy/attributes.ts';
import { asPolicy, type GraphResource } from '../policy/resource-graph.ts';

const [dev, production] = [synthesized('dev'), synthesized('production')];

function pathsOf(resources: readonly GraphResource[]): readonly string[] {
  return resources.map(({ path }) => path);
}

describe('subnets', () => {
  it('span two zones in dev and three in production, in three tiers', () => {
    expect(dev.ofType('aws_subnet')).toHaveLength(6);
    expect(production.ofType('aws_subnet')).toHaveLength(9);
    const zones = production.ofType('aws_subnet').map(({ attributes }) => attributes.availability_zone);
    expect(new Set(zones)).toEqual(new Set(['us-east-1a', 'us-east-1b', 'us-east-1c']));
  });

  it('give no machine a public address', () => {
    for (const { attributes } of production.ofType('aws_subnet'))
      expect(attributes.map_public_ip_on_launch).toBe(false);
  });

  it('are found by Kubernetes for its load balancers', () => {
    expect(production.at('network/Vpc/Public/Subnet0').attributes.tags).toHaveProperty(['kubernetes.io/role/elb'], '1');
    expect(production.at('network/Vpc/App/Subnet0').attributes.tags).toHaveProperty(
      ['kubernetes.io/role/internal-elb'],
      '1',
    );
  });
});

describe('routes', () => {
  it.each([0, 1, 2])('lead the nodes of zone %i out by the NAT gateway of that zone in production', (zone) => {
    const route = production.at(`network/Vpc/AppRoute${zone}`);
    const nat = production.targetOf(route, 'nat_gateway_id');
    expect(nat?.path).toBe(`network/Vpc/Nat${zone}`);
    expect(nat && production.targetOf(nat, 'subnet_id')?.path).toBe(`network/Vpc/Public/Subnet${zone}`);
    expect(production.targetOf(route, 'route_table_id')?.path).toBe(`network/Vpc/App/Routes${zone}`);
  });

  it('lead all nodes out by one NAT gateway in dev', () => {
    expect(pathsOf(dev.ofType('aws_nat_gateway'))).toEqual(['network/Vpc/Nat0']);
    const targets = [0, 1].map((zone) => dev.targetOf(dev.at(`network/Vpc/AppRoute${zone}`), 'nat_gateway_id')?.path);
    expect(targets).toEqual(['network/Vpc/Nat0', 'network/Vpc/Nat0']);
  });

  it('lead nothing out of the databases', () => {
    const tables = production.ofType('aws_route').map((route) => production.targetOf(route, 'route_table_id')?.path);
    expect(tables).toHaveLength(6);
    expect(tables.filter((path) => path?.includes('/Database/'))).toEqual([]);
  });
});

describe('what AWS puts into a VPC', () => {
  it('is adopted and empty', () => {
    const [group] = dev.ofType('aws_default_security_group');
    expect(Object.keys(group?.attributes ?? {}).sort()).toEqual(['tags', 'vpc_id']);
    const [acl] = dev.ofType('aws_default_network_acl');
    expect(Object.keys(acl?.attributes ?? {}).sort()).toEqual(['default_network_acl_id', 'tags']);
    expect(dev.ofType('aws_default_route_table')[0]?.attributes.route).toEqual([]);
  });
});

describe('network ACLs', () => {
  const rules = production.ofType('aws_network_acl_rule');

  it('admit PostgreSQL, Redis and answers alone to the databases', () => {
    const admitted = rules
      .filter(({ path }) => path.startsWith('network/Vpc/Database/'))
      .map(({ attributes: { egress, cidr_block, from_port, to_port } }) => [egress, cidr_block, from_port, to_port]);
    expect(admitted).toEqual([
      [false, '10.30.0.0/17', 5_432, 5_432],
      [false, '10.30.0.0/17', 6_379, 6_379],
      [true, '10.30.0.0/17', 1_024, 3_388],
      [true, '10.30.0.0/17', 3_390, 65_535],
    ]);
  });

  it('name protocol and ports, and never those of remote shells and desktops', () => {
    for (const { attributes } of rules) {
      expect(attributes.protocol).toMatch(/^(?:tcp|udp)$/);
      for (const port of [20, 21, 22, 3_389])
        expect(Number(attributes.from_port) <= port && port <= Number(attributes.to_port)).toBe(false);
    }
  });

  it('stay below the 20 rules each way that an account may have', () => {
    const counts = Object.values(Object.groupBy(rules, ({ path }) => path.replace(/\d+$/, ''))).map(
      (group) => group?.length ?? 0,
    );
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
  });
});

describe('security groups', () => {
  const ingress = production.ofType('aws_vpc_security_group_ingress_rule');
  const egress = production.ofType('aws_vpc_security_group_egress_rule');

  it('say of every rule what it is for', () => {
    for (const { attributes } of [...ingress, ...egress, ...production.ofType('aws_security_group')])
      expect(attributes.description).toMatch(/\w{3,}/);
  });

  it('have a way out for each way in, and the reverse', () => {
    const ends = (path: string) => path.replace(/^network\/Traffic\//, '');
    const ways = ingress
      .filter(({ attributes }) => !('cidr_ipv4' in attributes))
      .map(({ path }) => ends(path).replace(/^(\w+)\/From([A-Z][A-Za-z]*?)((?:Tcp|Udp)\d+)$/, '$2/To$1$3'));
    const back = egress.filter(({ attributes }) => !('cidr_ipv4' in attributes)).map(({ path }) => ends(path));
    expect(back.sort()).toEqual(ways.sort());
  });

  it('admit the world to the load balancer alone, and let it be reached by 443 only', () => {
    expect(pathsOf(ingress.filter(({ attributes }) => 'cidr_ipv4' in attributes))).toEqual([
      'network/Traffic/LoadBalancer/FromAnywhereTcp443',
      'network/Traffic/LoadBalancer/FromAnywhereTcp80',
    ]);
    expect(pathsOf(egress.filter(({ attributes }) => 'cidr_ipv4' in attributes))).toEqual([
      'network/Traffic/Bastion/ToAnywhereTcp443',
      'network/Traffic/Nodes/ToAnywhereTcp443',
    ]);
  });

  it('let operators to the database by way of the bastion, where there is one', () => {
    const rule = production.at('network/Traffic/Database/FromBastionTcp5432');
    expect(rule.attributes).toMatchObject({ from_port: 5_432, to_port: 5_432, ip_protocol: 'tcp' });
    expect(pathsOf(dev.resources)).not.toContain('network/Traffic/Database/FromBastionTcp5432');
  });

  it('know a bastion only where there is one', () => {
    expect(dev.ofType('aws_instance')).toEqual([]);
    expect(pathsOf(dev.ofType('aws_security_group'))).not.toContain('network/Traffic/Bastion/Resource');
  });
});

describe('endpoints', () => {
  it('lead to S3 everywhere, for own buckets and those of AWS that images, packages and agents come from', () => {
    const { policy, vpc_endpoint_type: type } = dev.at('network/Endpoints/S3').attributes;
    expect(type).toBe('Gateway');
    expect(policy).toContain('"aws:ResourceAccount":"111111111111"');
    const [, ofAws] = blocksAt(asPolicy(policy), 'Statement');
    expect(ofAws).toMatchObject({ Effect: 'Allow', Principal: '*', Action: ['s3:GetObject'] });
    expect(ofAws).not.toHaveProperty('Condition');
    expect(ofAws?.Resource).toEqual(
      [
        ...['prod-us-east-1-starport-layer-bucket', 'al2023-repos-us-east-1-de612dc2', 'amazon-ssm-us-east-1'],
        ...['aws-ssm-us-east-1', 'patch-baseline-snapshot-us-east-1', 'us-east-1-birdwatcher-prod'],
      ].map((bucket) => `arn:aws:s3:::${bucket}/*`),
    );
  });

  it('have interfaces in production, for own principals and reached from nodes and bastion alone', () => {
    const interfaces = production
      .ofType('aws_vpc_endpoint')
      .filter(({ attributes }) => attributes.vpc_endpoint_type === 'Interface');
    expect(interfaces).toHaveLength(7);
    for (const endpoint of interfaces) {
      expect(endpoint.attributes.policy).toContain('"aws:PrincipalAccount":"333333333333"');
      expect(production.targetOf(endpoint, 'security_group_ids')?.path).toBe('network/Traffic/Endpoints/Resource');
    }
    expect(dev.ofType('aws_vpc_endpoint')).toHaveLength(1);
  });
});

describe('flow logs', () => {
  it('record all traffic each minute into an encrypted group that forgets in time', () => {
    const flowLog = production.at('network/FlowLogs');
    expect(flowLog.attributes).toMatchObject({ traffic_type: 'ALL', max_aggregation_interval: 60 });
    const group = production.targetOf(flowLog, 'log_destination');
    expect(group?.attributes).toMatchObject({ name: '/stowage/production/flows', retention_in_days: 365 });
    expect(group && production.targetOf(group, 'kms_key_id')?.path).toBe('network/LogsKey/Resource');
  });

  it('are written by a role that only flow logs of this account may take', () => {
    const { assume_role_policy: trust } = production.at('network/FlowLogs/Role').attributes;
    expect(trust).toContain('"aws:SourceAccount":"333333333333"');
    expect(trust).toContain('"aws:SourceArn":"arn:aws:ec2:us-east-1:333333333333:vpc-flow-log/*"');
  });
});

describe('who writes to a log group', () => {
  it.each(['Bastion', 'FlowLogs'])('may find it first, as %s', (writer) => {
    const find = { action: 'logs:DescribeLogGroups', resource: 'arn:aws:logs:us-east-1:333333333333:log-group:*' };
    expect(mayDo(production, production.at(`network/${writer}/Role`), find)).toBe(true);
  });
});

describe('the bastion', () => {
  it('is private, needs a token for its metadata, and has no key', () => {
    const { attributes } = production.at('network/Bastion');
    expect(attributes).toMatchObject({
      associate_public_ip_address: false,
      metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true },
    });
    expect(attributes).not.toHaveProperty('key_name');
  });
});
