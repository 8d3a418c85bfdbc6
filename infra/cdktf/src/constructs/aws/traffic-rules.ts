import type { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { Construct } from 'constructs';
import { apiPort } from './network-acls.ts';
import { SecurityGroup } from './security-group.ts';

export interface TrafficRulesProps {
  readonly vpc: Vpc;
  /** Whether there is a machine for sessions of operators. */
  readonly bastion: boolean;
}

/** Every security group and every connection it may have: who may talk to whom is read here and nowhere else. */
export class TrafficRules extends Construct {
  readonly loadBalancer: SecurityGroup;
  /** Nodes and, as they share their network interfaces, pods. Network policies tell pods apart. */
  readonly nodes: SecurityGroup;
  /** The API server's interfaces in our subnets. */
  readonly controlPlane: SecurityGroup;
  readonly database: SecurityGroup;
  readonly cache: SecurityGroup;
  /** Interfaces of AWS services in our subnets. */
  readonly endpoints: SecurityGroup;
  readonly bastion: SecurityGroup | undefined;

  constructor(scope: Construct, id: string, { vpc, bastion }: TrafficRulesProps) {
    super(scope, id);
    const group = (groupId: string, name: string, description: string) =>
      new SecurityGroup(this, groupId, { vpc, name, description });
    this.loadBalancer = group('LoadBalancer', 'load-balancer', 'Public load balancer');
    this.nodes = group('Nodes', 'nodes', 'Nodes of the cluster and their pods');
    this.controlPlane = group('ControlPlane', 'control-plane', 'API server of the cluster');
    this.database = group('Database', 'database', 'PostgreSQL');
    this.cache = group('Cache', 'cache', 'Redis');
    this.endpoints = group('Endpoints', 'endpoints', 'Interfaces of AWS services');
    this.bastion = bastion ? group('Bastion', 'bastion', 'Sessions of operators') : undefined;
    this.#serveClients();
    this.#connectCluster();
    this.#connectData();
    this.#connectOperators();
  }

  #serveClients(): void {
    this.loadBalancer.acceptFromAnywhere({ port: 443, purpose: 'Clients' });
    this.loadBalancer.acceptFromAnywhere({ port: 80, purpose: 'Clients, to be redirected to 443' });
    this.nodes.acceptFrom(this.loadBalancer, { port: apiPort, purpose: 'Requests and health checks of the API' });
  }

  #connectCluster(): void {
    const { nodes, controlPlane } = this;
    controlPlane.acceptFrom(nodes, { port: 443, purpose: 'Kubelets and pods to the API server' });
    nodes.acceptFrom(controlPlane, { port: 10_250, purpose: 'Logs, exec and metrics of kubelets' });
    nodes.acceptFrom(controlPlane, { port: 10_251, purpose: 'Metrics API, served by metrics-server' });
    nodes.acceptFrom(controlPlane, { port: 9_443, purpose: 'Webhooks of the CloudWatch operator' });
    nodes.acceptFrom(nodes, { port: 53, purpose: 'Names, by CoreDNS' });
    nodes.acceptFrom(nodes, { port: 53, protocol: 'udp', purpose: 'Names, by CoreDNS' });
    nodes.acceptFrom(nodes, { port: 1_024, toPort: 65_535, purpose: 'Pod to pod; network policies say which' });
    nodes.sendAnywhere({ port: 443, purpose: 'AWS services without an endpoint, image registries, alert receivers' });
    this.endpoints.acceptFrom(nodes, { port: 443, purpose: 'AWS services' });
  }

  #connectData(): void {
    this.database.acceptFrom(this.nodes, { port: 5_432, purpose: 'PostgreSQL' });
    this.cache.acceptFrom(this.nodes, { port: 6_379, purpose: 'Redis' });
  }

  #connectOperators(): void {
    const { bastion } = this;
    if (bastion === undefined) return;
    this.controlPlane.acceptFrom(bastion, { port: 443, purpose: 'kubectl through a session' });
    this.endpoints.acceptFrom(bastion, { port: 443, purpose: 'AWS services' });
    bastion.sendAnywhere({ port: 443, purpose: 'Systems Manager, where it has no endpoint' });
  }
}
