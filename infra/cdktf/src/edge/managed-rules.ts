import type { ManagedGroup } from '../constructs/aws/web-acl-rule.ts';

/** A part of a request that the rules of AWS look into, and that carries whatever a customer likes on some of our routes. */
export type InspectedPart = 'body' | 'path' | 'query';

/** A rule of AWS that fires on content as such, and the label by which it says so. */
export interface ContentRule {
  readonly group: ManagedGroup;
  readonly rule: string;
  readonly label: string;
}

/** Groups of AWS, with the capacity that its documentation gives. */
export const managedGroups = {
  ipReputation: { name: 'AWSManagedRulesAmazonIpReputationList', capacity: 25 },
  anonymousIp: { name: 'AWSManagedRulesAnonymousIpList', capacity: 50 },
  knownBadInputs: { name: 'AWSManagedRulesKnownBadInputsRuleSet', capacity: 200 },
  common: { name: 'AWSManagedRulesCommonRuleSet', capacity: 700 },
  sqlInjection: { name: 'AWSManagedRulesSQLiRuleSet', capacity: 200 },
} as const satisfies Readonly<Record<string, ManagedGroup>>;

const commonLabels = {
  body: [
    'SizeRestrictions_Body',
    'CrossSiteScripting_Body',
    'GenericLFI_Body',
    'GenericRFI_Body',
    'EC2MetaDataSSRF_Body',
  ],
  path: [
    'SizeRestrictions_URIPath',
    'CrossSiteScripting_URIPath',
    'GenericLFI_URIPath',
    'GenericRFI_URIPath',
    'EC2MetaDataSSRF_URIPath',
    'RestrictedExtensions_URIPath',
  ],
  query: [
    'SizeRestrictions_QueryString',
    'CrossSiteScripting_QueryArguments',
    'GenericLFI_QueryArguments',
    'GenericRFI_QueryArguments',
    'EC2MetaDataSSRF_QueryArguments',
    'RestrictedExtensions_QueryArguments',
  ],
} as const;

const badInputLabels = {
  body: ['JavaDeserializationRCE_Body', 'Log4JRCE_Body', 'ReactJSRCE_Body'],
  path: ['JavaDeserializationRCE_URIPath', 'Log4JRCE_URIPath', 'ExploitablePaths_URIPath'],
  query: ['JavaDeserializationRCE_QueryString', 'Log4JRCE_QueryString'],
} as const;

const sqlLabels = {
  body: ['SQLi_Body', 'SQLiExtendedPatterns_Body'],
  path: ['SQLi_URIPath', 'SQLiExtendedPatterns_UriPath'],
  query: ['SQLi_QueryArguments', 'SQLiExtendedPatterns_QueryArguments'],
} as const;

/** Every rule of AWS that looks for content in a part of the request. */
export function contentRules(part: InspectedPart): readonly ContentRule[] {
  return [
    ...toRules(managedGroups.common, 'core-rule-set', commonLabels[part]),
    ...toRules(managedGroups.knownBadInputs, 'known-bad-inputs', badInputLabels[part]),
    ...toRules(managedGroups.sqlInjection, 'sql-database', sqlLabels[part]),
  ];
}

/** AWS names a rule `SQLi_BODY` and its label `SQLi_Body`. */
function toRules(group: ManagedGroup, namespace: string, labels: readonly string[]): readonly ContentRule[] {
  return labels.map((label) => {
    const [attack = '', place = ''] = label.split('_');
    return { group, rule: `${attack}_${place.toUpperCase()}`, label: `awswaf:managed:aws:${namespace}:${label}` };
  });
}
