import { describe, expect, it } from '@jest/globals';
import { givenDev } from '../../test/given-environment.ts';
import { synthesized, synthesizedFrom } from '../../test/synthesized.ts';
import { readApiSurface } from '../edge/api-surface.ts';
import { parseEnvironment } from '../environments/read-environment.ts';
import { asAttributes } from '../policy/resource-graph.ts';

const [dev, production] = [synthesized('dev'), synthesized('production')];

describe('the load balancer', () => {
  const { attributes } = production.at('edge/LoadBalancer');

  it('is public, in every zone, and hardened', () => {
    expect(attributes).toMatchObject({
      ...{ internal: false, load_balancer_type: 'application', drop_invalid_header_fields: true },
      ...{ desync_mitigation_mode: 'strictest', enable_deletion_protection: true, enable_http2: true },
      ...{ enable_waf_fail_open: false, enable_zonal_shift: true },
    });
    expect(attributes.subnets).toHaveLength(3);
    const [group] = production
      .referencesOf(production.at('edge/LoadBalancer'))
      .filter(({ at }) => at.includes('security'));
    expect(group?.target.path).toBe('network/Traffic/LoadBalancer/Resource');
  });

  it('logs requests and connections where AWS may write them', () => {
    expect(attributes.access_logs).toMatchObject({ enabled: true, prefix: 'load-balancer/access' });
    expect(attributes.connection_logs).toMatchObject({ enabled: true, prefix: 'load-balancer/connections' });
  });

  it('can be thrown away in dev', () => {
    expect(dev.at('edge/LoadBalancer').attributes).toMatchObject({
      enable_deletion_protection: false,
      desync_mitigation_mode: 'defensive',
    });
  });

  it('gives up a silent connection before the API does', () => {
    const { keepAliveSeconds } = readApiSurface();
    expect(attributes.idle_timeout).toBeLessThan(keepAliveSeconds);
    const patient = parseEnvironment(givenDev({ edge: { idleTimeoutSeconds: 70 } }));
    expect(() => synthesizedFrom(patient)).toThrow(
      'edge.idleTimeoutSeconds is 70, but the API closes idle connections after 70 seconds',
    );
  });
});

describe('listeners', () => {
  it('redirect port 80 for good, and do nothing else there', () => {
    expect(production.at('edge/LoadBalancer/Redirect').attributes).toMatchObject({
      ...{ port: 80, protocol: 'HTTP' },
      default_action: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' } }],
    });
  });

  it('serve TLS 1.2 and 1.3 with a certificate that has been issued', () => {
    const https = production.at('edge/LoadBalancer/Https');
    expect(https.attributes).toMatchObject({
      ...{ port: 443, protocol: 'HTTPS', ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09' },
      routing_http_response_server_enabled: false,
      routing_http_response_strict_transport_security_header_value: 'max-age=31536000; includeSubDomains',
    });
    expect(production.targetOf(https, 'certificate_arn')?.path).toBe('edge/Certificate/Validation');
  });

  it('know both colours, and send everything to blue until a release says otherwise', () => {
    const https = production.at('edge/LoadBalancer/Https');
    const colours = production.referencesOf(https).filter(({ at }) => at.startsWith('default_action'));
    expect(colours.map(({ target }) => target.path)).toEqual(['edge/Blue/Resource', 'edge/Green/Resource']);
    expect(JSON.stringify(https.attributes.default_action)).toMatch(/"weight":100.*"weight":0/);
  });
});

describe('target groups', () => {
  it.each(['Blue', 'Green'])('%s sends requests to pods by their address, and asks them for their health', (colour) => {
    expect(production.at(`edge/${colour}`).attributes).toMatchObject({
      ...{ target_type: 'ip', protocol: 'HTTP', port: 5_002, deregistration_delay: '30', slow_start: 30 },
      health_check: { enabled: true, path: '/health', matcher: '200', port: 'traffic-port' },
    });
  });
});

describe('the name', () => {
  it('leads to the load balancer while it is healthy', () => {
    const address = production.at('edge/Name/Address');
    expect(address.attributes).toMatchObject({
      ...{ name: 'files.stowage.example.com', type: 'A', alias: { evaluate_target_health: true } },
    });
    const [, alias] = production.referencesOf(address);
    expect(alias?.target.path).toBe('edge/LoadBalancer/Resource');
  });

  it('is certified by Amazon alone, by name and without wildcards', () => {
    expect(production.at('edge/Name/Authorities').attributes).toMatchObject({
      type: 'CAA',
      records: ['0 issue "amazon.com"', '0 issuewild ";"'],
    });
    expect(production.at('edge/Certificate').attributes).toMatchObject({
      ...{ domain_name: 'files.stowage.example.com', validation_method: 'DNS' },
      lifecycle: { create_before_destroy: true },
    });
  });

  it('is asked for its health from outside', () => {
    expect(production.at('edge/Name/HealthCheck').attributes).toMatchObject({
      ...{ type: 'HTTPS', fqdn: 'files.stowage.example.com', port: 443, resource_path: '/health', enable_sni: true },
    });
  });
});

describe('the firewall', () => {
  const acl = production.at('edge/Firewall');
  const rules = acl.attributes.rule as readonly Readonly<Record<string, unknown>>[];

  it('stands before the load balancer', () => {
    const association = production.at('edge/Firewall/Association');
    expect(production.targetOf(association, 'resource_arn')?.path).toBe('edge/LoadBalancer/Resource');
    expect(production.targetOf(association, 'web_acl_arn')).toBe(acl);
  });

  it('is written as Terraform spells it: no key in camel case, however deep', () => {
    expect(camelCaseKeys(rules)).toEqual([]);
    expect(camelCaseKeys([{ statement: { byteMatch: {} } }])).toEqual(['byteMatch']);
  });

  it('keeps the empty blocks that say what a rule does', () => {
    for (const { action, override_action: override } of rules)
      expect(Object.keys({ ...asAttributes(action), ...asAttributes(override) })).toHaveLength(1);
    expect(JSON.stringify(rules)).toContain('"field_to_match":{"uri_path":{}}');
  });

  it('measures each rule under its own name, in order', () => {
    expect(rules.map(({ priority }) => priority)).toEqual(rules.map((_rule, index) => index));
    for (const { name, visibility_config: visibility } of rules)
      expect(visibility).toMatchObject({ metric_name: name, cloudwatch_metrics_enabled: true });
  });

  it('answers floods with 429 and the rest with 403, as the API words its problems', () => {
    const bodies = acl.attributes.custom_response_body as readonly { readonly content: string }[];
    expect(bodies.map(({ content }) => asAttributes(JSON.parse(content)).status)).toEqual([403, 429]);
    const rate = rules.find(({ name }) => name === 'request-rate');
    expect(rate?.statement).toMatchObject({ rate_based_statement: { limit: 2_000, aggregate_key_type: 'IP' } });
    expect(JSON.stringify(rate?.action)).toContain('429');
  });

  it('logs what it refuses, without credentials and queries, into an encrypted group', () => {
    const logging = production.at('edge/Firewall/Logging');
    expect(logging.attributes).toMatchObject({
      redacted_fields: [
        { single_header: { name: 'authorization' } },
        { single_header: { name: 'cookie' } },
        { query_string: {} },
      ],
      logging_filter: { default_behavior: 'DROP' },
    });
    const group = production.targetOf(logging, 'log_destination_configs');
    expect(group?.attributes).toMatchObject({ name: 'aws-waf-logs-stowage-production-public', retention_in_days: 365 });
    expect(group && production.targetOf(group, 'kms_key_id')?.path).toBe('network/LogsKey/Resource');
  });
});

function camelCaseKeys(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(camelCaseKeys);
  return Object.entries(asAttributes(value)).flatMap(([key, inner]) => [
    ...(/[a-z][A-Z]/.test(key) ? [key] : []),
    ...camelCaseKeys(inner),
  ]);
}
