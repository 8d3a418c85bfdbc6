import { describe, expect, it } from '@jest/globals';
import { synthesized } from '../../test/synthesized.ts';
import { mayDo } from '../models/role-rights.ts';
import { grantsOf } from '../policy/policy-statements.ts';
import { asAttributes, asPolicy, type ResourceGraph } from '../policy/resource-graph.ts';

const [dev, production] = [synthesized('dev'), synthesized('production')];

function configurationOf(graph: ResourceGraph, addon: string): unknown {
  const found = graph.ofType('aws_eks_addon').find(({ attributes }) => attributes.addon_name === addon);
  const text = found?.attributes.configuration_values;
  return typeof text === 'string' ? JSON.parse(text) : undefined;
}

describe('the API server', () => {
  it('is private in production, and open to named networks in dev', () => {
    const privately = { endpoint_private_access: true, endpoint_public_access: false };
    expect(production.at('cluster/Cluster').attributes.vpc_config).toMatchObject(privately);
    expect(dev.at('cluster/Cluster').attributes.vpc_config).toMatchObject({
      endpoint_private_access: true,
      endpoint_public_access: true,
      public_access_cidrs: ['203.0.113.0/24'],
    });
  });

  it('knows access entries alone, and makes nobody administrator by the way', () => {
    expect(production.at('cluster/Cluster').attributes.access_config).toEqual({
      authentication_mode: 'API',
      bootstrap_cluster_creator_admin_permissions: false,
    });
  });

  it('runs a version in standard support, and is protected in production', () => {
    expect(production.at('cluster/Cluster').attributes).toMatchObject({
      version: '1.35',
      upgrade_policy: { support_type: 'STANDARD' },
      zonal_shift_config: { enabled: true },
      deletion_protection: true,
      bootstrap_self_managed_addons: false,
    });
  });

  it('logs all it can to a group that was there before, encrypted', () => {
    const cluster = production.at('cluster/Cluster');
    expect(cluster.attributes.enabled_cluster_log_types).toHaveLength(5);
    const group = production.at('cluster/Cluster/Logs');
    expect(cluster.attributes.depends_on).toContain(`aws_cloudwatch_log_group.${group.logicalName}`);
    expect(group.attributes).toMatchObject({
      name: '/aws/eks/stowage-production-cluster/cluster',
      retention_in_days: 365,
    });
    expect(production.targetOf(group, 'kms_key_id')?.path).toBe('network/LogsKey/Resource');
  });

  it('encrypts secrets with a key of their own', () => {
    const cluster = production.at('cluster/Cluster');
    expect(cluster.attributes.encryption_config).toMatchObject({ resources: ['secrets'] });
    expect(production.targetOf(cluster, 'encryption_config')?.path).toBe('cluster/Cluster/SecretsKey/Resource');
  });
});

describe('access', () => {
  it('is given to who deploys, who looks, and teams in their namespaces', () => {
    const grants = production
      .ofType('aws_eks_access_policy_association')
      .map(({ path, attributes }) => [
        path.replace('cluster/Access/', ''),
        String(attributes.policy_arn).split('/').at(-1),
        attributes.access_scope,
      ]);
    expect(grants).toEqual([
      ['Apply-Policy', 'AmazonEKSClusterAdminPolicy', { type: 'cluster' }],
      ['Plan-Policy', 'AmazonEKSAdminViewPolicy', { type: 'cluster' }],
      ['Team-stowage-on-call-Policy', 'AmazonEKSEditPolicy', { type: 'namespace', namespaces: ['stowage'] }],
      ['Viewer-stowage-viewer-Policy', 'AmazonEKSViewPolicy', { type: 'cluster' }],
    ]);
  });
});

describe('nodes', () => {
  it('are t3.medium of Amazon Linux 2023 across all zones, replaced by thirds and repaired', () => {
    const group = production.at('cluster/Nodes');
    expect(group.attributes).toMatchObject({
      instance_types: ['t3.medium'],
      ami_type: 'AL2023_x86_64_STANDARD',
      scaling_config: { min_size: 3, max_size: 9 },
      update_config: { max_unavailable_percentage: 33 },
      node_repair_config: { enabled: true },
      lifecycle: { ignore_changes: ['scaling_config[0].desired_size'] },
    });
    expect(group.attributes.subnet_ids).toHaveLength(3);
    expect(group.attributes).not.toHaveProperty('remote_access');
  });

  it('come with spare capacity in dev alone', () => {
    expect(dev.at('cluster/SpotNodes').attributes).toMatchObject({
      capacity_type: 'SPOT',
      scaling_config: { min_size: 0 },
    });
    expect(production.ofType('aws_eks_node_group')).toHaveLength(1);
  });

  it('keep their role from pods, have encrypted disks, no key and no public address', () => {
    const template = production.at('cluster/NodeTemplate');
    expect(template.attributes).toMatchObject({
      metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
      block_device_mappings: [{ ebs: { volume_type: 'gp3', encrypted: 'true' } }],
    });
    expect(template.attributes).not.toHaveProperty('key_name');
    expect(template.attributes).not.toHaveProperty('network_interfaces');
    expect(production.targetOf(template, 'block_device_mappings')?.path).toBe('cluster/VolumesKey/Resource');
    expect(production.targetOf(template, 'vpc_security_group_ids')?.path).toBe('network/Traffic/Nodes/Resource');
  });

  it('hold at most 40 pods', () => {
    const userData = Buffer.from(
      String(production.at('cluster/NodeTemplate').attributes.user_data),
      'base64',
    ).toString();
    expect(userData).toContain('kind: NodeConfig\nspec:\n  kubelet:\n    config:\n      maxPods: 40');
  });

  it('join after network and pod identity are there', () => {
    const { depends_on: first } = production.at('cluster/Nodes').attributes;
    for (const addon of ['vpc-cni', 'eks-pod-identity-agent', 'kube-proxy'])
      expect(first).toContain(`aws_eks_addon.${production.at(`cluster/NodeAddons/${addon}`).logicalName}`);
  });

  it('have a role without the permissions of the network of pods', () => {
    const policies = production
      .referrersOf(production.at('cluster/NodeRole'), 'aws_iam_role_policy_attachment')
      .map(({ attributes }) => String(attributes.policy_arn).split('/').at(-1));
    expect(policies.sort()).toEqual([
      'AmazonEC2ContainerRegistryPullOnly',
      'AmazonEKSWorkerNodePolicy',
      'AmazonSSMManagedInstanceCore',
    ]);
  });

  it('are found by the autoscaler by the tags of their group', () => {
    const keys = production
      .ofType('aws_autoscaling_group_tag')
      .map(({ attributes }) => asAttributes(attributes.tag).key);
    expect(keys).toContain('k8s.io/cluster-autoscaler/enabled');
    expect(keys).toContain('k8s.io/cluster-autoscaler/${aws_eks_cluster.Cluster_EB0386A7.name}');
  });
});

describe('a node', () => {
  it('may have images of others fetched into our registry, under the prefixes of its rules', () => {
    const prefixes = production.ofType('aws_ecr_pull_through_cache_rule').map((rule) => rule.attributes);
    expect(prefixes).toHaveLength(3);
    const requests = prefixes.flatMap(({ ecr_repository_prefix: prefix }) =>
      ['BatchImportUpstreamImage', 'CreateRepository', 'TagResource'].map((action) => ({
        action: `ecr:${action}`,
        resource: `arn:aws:ecr:us-east-1:333333333333:repository/${String(prefix)}/pause`,
      })),
    );
    const role = production.at('cluster/NodeRole');
    expect(requests.filter((request) => !mayDo(production, role, request))).toEqual([]);
    expect(
      mayDo(production, role, {
        action: 'ecr:CreateRepository',
        resource: 'arn:aws:ecr:us-east-1:333333333333:repository/api',
      }),
    ).toBe(false);
  });
});

describe('add-ons', () => {
  it('are pinned to exact builds, and what was set by hand survives an update', () => {
    const addons = production.ofType('aws_eks_addon');
    expect(addons).toHaveLength(10);
    for (const { attributes } of addons) {
      expect(attributes.addon_version).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
      expect(attributes.resolve_conflicts_on_update).toBe('PRESERVE');
    }
  });

  it('give pods blocks of addresses and enforce network policies', () => {
    expect(configurationOf(production, 'vpc-cni')).toMatchObject({
      env: { ENABLE_PREFIX_DELEGATION: 'true' },
      enableNetworkPolicy: 'true',
    });
  });

  it('send no metrics to CloudWatch where that is not paid for', () => {
    expect(configurationOf(dev, 'amazon-cloudwatch-observability')).toMatchObject({
      containerLogs: { enabled: true },
      agent: { config: { logs: { metrics_collected: {} } } },
    });
  });
});

describe('pods', () => {
  const podRoles = production
    .ofType('aws_iam_role')
    .filter(({ attributes }) => String(attributes.assume_role_policy).includes('pods.eks.amazonaws.com'));

  it('take a role in this account and cluster alone', () => {
    expect(podRoles.length).toBeGreaterThanOrEqual(9);
    for (const role of podRoles) {
      const trust = JSON.stringify(asPolicy(role.attributes.assume_role_policy));
      expect(trust).toContain('"Action":["sts:AssumeRole","sts:TagSession"]');
      expect(trust).toContain('"aws:SourceAccount":"333333333333"');
      expect(trust).toMatch(/"aws:SourceArn":"\$\{aws_eks_cluster\.\w+\.arn\}"/);
    }
  });

  it('have one role for each service account, and no service account two', () => {
    const associated = production.ofType('aws_eks_pod_identity_association');
    const accounts = associated.map(
      ({ attributes }) => `${String(attributes.namespace)}/${String(attributes.service_account)}`,
    );
    expect(new Set(accounts).size).toBe(accounts.length);
    const byAddons = production
      .ofType('aws_eks_addon')
      .filter(({ attributes }) => 'pod_identity_association' in attributes);
    const roles = [...associated, ...byAddons].flatMap((resource) =>
      production
        .referencesOf(resource)
        .filter(({ at, target }) => at.includes('role_arn') && target.type === 'aws_iam_role'),
    );
    expect(roles.map(({ target }) => target.path).sort()).toEqual(podRoles.map(({ path }) => path).sort());
  });

  it.each(['Api', 'Worker', 'Migration'])(
    'of %s touch named buckets, keys, databases and caches of ours alone',
    (program) => {
      const role = production.at(`cluster/Identities/${program}`);
      const policies = production.referrersOf(role, 'aws_iam_role_policy');
      const granted = policies.flatMap((policy) =>
        grantsOf(policy, 'policy').flatMap(({ resources }) =>
          resources.map((resource) => production.referencesIn('cluster', resource).map(({ target }) => target.stack)),
        ),
      );
      expect(granted.length).toBeGreaterThan(0);
      for (const owners of granted) expect(new Set(owners)).toEqual(new Set(['data']));
    },
  );

  it('need no OIDC provider', () => {
    expect(production.ofType('aws_iam_openid_connect_provider')).toEqual([]);
  });

  it('scale this cluster’s nodes alone', () => {
    const { policy } = production.at('cluster/Identities/Autoscaler/ScaleNodes').attributes;
    expect(policy).toContain(
      '"aws:ResourceTag/k8s.io/cluster-autoscaler/${aws_eks_cluster.Cluster_EB0386A7.name}":"owned"',
    );
  });
});
