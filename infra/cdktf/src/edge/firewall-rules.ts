import { allOf, anyOf, hasLabel, methodIs, not, pathMatches, type Match } from '../constructs/aws/web-acl-match.ts';
import type { BlockRule, LabelRule, ManagedGroup, ManagedRule, WebAclRule } from '../constructs/aws/web-acl-rule.ts';
import { pathPattern, type ApiRoute } from './api-surface.ts';
import { contentRules, managedGroups, type InspectedPart } from './managed-rules.ts';

export interface FirewallOptions {
  readonly routes: readonly ApiRoute[];
  /** Requests of one address in 5 minutes. */
  readonly requestsPerAddress: number;
  /** The same, of those that check a password. */
  readonly signInsPerAddress: number;
}

/** Parameters that carry a part of a key, which may be any text. */
const keyParameters = new Set(['prefix', 'delimiter', 'search']);

/** What may be anything on a route: there the rules of AWS that judge content only count. */
const carriers: Readonly<Record<InspectedPart, (route: ApiRoute) => boolean>> = {
  // Files: HTML, SQL dumps and everything beyond the 8 KiB that are inspected would be refused.
  // Metadata of an object: any text, and up to 8 KiB of it.
  body: ({ uploads, method, path }) => uploads || (method === 'PATCH' && path.includes('*')),
  // Keys: `logs/app.log` has a "restricted extension", a long one in percent-encoding exceeds the "size restriction".
  path: ({ path }) => path.includes('*'),
  query: ({ query }) => query.some((name) => keyParameters.has(name)),
};

const signInLabel = 'stowage:sign-in';
const parts = ['body', 'path', 'query'] as const;
const labelOf = (part: InspectedPart): string => `stowage:any-${part}`;

/**
 * The rules of the firewall, in order: say what kind of route it is, refuse bad addresses and floods, let AWS judge, and
 * refuse what it flagged wherever the route does not take arbitrary content. The API's own limits on sizes stay in force.
 */
export function firewallRules({
  routes,
  requestsPerAddress,
  signInsPerAddress,
}: FirewallOptions): readonly WebAclRule[] {
  return [
    ...parts.flatMap((part) => labelRoutes(`any-${part}`, labelOf(part), routes.filter(carriers[part]))),
    ...labelRoutes(
      'sign-in',
      signInLabel,
      routes.filter(({ signsIn }) => signsIn),
    ),
    { kind: 'managed', name: 'ip-reputation', group: managedGroups.ipReputation },
    // Programs call the API from clouds.
    { kind: 'managed', name: 'anonymous-ip', group: managedGroups.anonymousIp, counted: ['HostingProviderIPList'] },
    { kind: 'rate', name: 'sign-in-rate', requests: signInsPerAddress, match: hasLabel(signInLabel) },
    { kind: 'rate', name: 'request-rate', requests: requestsPerAddress },
    judge('known-bad-inputs', managedGroups.knownBadInputs),
    // Programs need not name themselves.
    judge('common', managedGroups.common, ['NoUserAgent_HEADER']),
    judge('sql-injection', managedGroups.sqlInjection),
    ...parts.map((part) => refuseFlagged(part, routes.some(carriers[part]))),
  ];
}

/** Labels whose requests are worth a line in the log even where they passed. */
export function flaggedBodyLabels(): readonly string[] {
  return contentRules('body').map(({ label }) => label);
}

function labelRoutes(name: string, label: string, routes: readonly ApiRoute[]): readonly LabelRule[] {
  return routes.length === 0 ? [] : [{ kind: 'label', name, label, match: anyOf(...routes.map(routeMatch)) }];
}

function routeMatch(route: ApiRoute): Match {
  return allOf(methodIs(route.method), pathMatches(pathPattern(route)));
}

/** A group whose rules about content count, to be refused later, or not. */
function judge(name: string, group: ManagedGroup, alsoCounted: readonly string[] = []): ManagedRule {
  const content = parts.flatMap(contentRules).filter((rule) => rule.group === group);
  return { kind: 'managed', name, group, counted: [...content.map(({ rule }) => rule), ...alsoCounted] };
}

function refuseFlagged(part: InspectedPart, hasCarriers: boolean): BlockRule {
  const flagged = anyOf(...contentRules(part).map(({ label }) => hasLabel(label)));
  return {
    kind: 'block',
    name: `flagged-${part}`,
    match: hasCarriers ? allOf(flagged, not(hasLabel(labelOf(part)))) : flagged,
  };
}
