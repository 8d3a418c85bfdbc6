import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import type { Construct, IConstruct } from 'constructs';
import { NameTags } from '../aspects/name-tags.ts';
import { requiredTags, RequiredTags, type Tags } from '../aspects/required-tags.ts';
import { addAspects, keepStateInS3, requireTerraform, TerraformStack } from '../cdktf.ts';
import type { Environment } from '../environments/environment.ts';
import { product, resourceName, type NamedKind } from '../resource-name.ts';
import { stateLocation } from '../state-location.ts';

/** What an ARN names. */
export interface ArnParts {
  readonly service: string;
  readonly resource: string;
  /** @default the region of the stack; empty for services that have none. */
  readonly region?: string;
  /** @default the account of the stack */
  readonly account?: string;
}

/** What every stack of ours has: one account, one region, its state in S3, tags and the rules all must pass. */
export abstract class BaseStack extends TerraformStack {
  readonly accountId: string;
  readonly region: string;
  /** Tags of everything in this stack. What AWS launches by itself must be given them. */
  readonly requiredTags: Tags;
  readonly #environment: string;

  protected constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    this.accountId = environment.account.id;
    this.region = environment.account.region;
    this.requiredTags = requiredTags(environment, id);
    this.#environment = environment.name;
    // A plan made with another account's credentials stops here.
    new AwsProvider(this, 'Aws', {
      region: this.region,
      allowedAccountIds: [this.accountId],
      defaultTags: [{ tags: { ...this.requiredTags } }],
    });
    keepStateInS3(this, stateLocation(environment, id));
    requireTerraform(this);
    addAspects(this, [new NameTags(environment.name), new RequiredTags(this.requiredTags)]);
  }

  /** The stack a construct is in: where it learns its account, region and names. */
  static override of(construct: IConstruct): BaseStack {
    const stack = TerraformStack.of(construct);
    if (!(stack instanceof BaseStack)) throw new Error(`${stack.node.path} is no BaseStack.`);
    return stack;
  }

  /** A name of this environment; see `resource-name.ts`. */
  resourceName(name: string, kind?: NamedKind): string {
    return resourceName({ environment: this.#environment, accountId: this.accountId }, name, kind);
  }

  /** What the name of every resource of this environment begins with. */
  get namePrefix(): string {
    return `${product}-${this.#environment}-`;
  }

  /** ARN of the policy that bounds every role a stack makes: the role that applies can make no other. */
  get boundaryArn(): string {
    return this.arn({ service: 'iam', region: '', resource: `policy/${this.resourceName('boundary')}` });
  }

  /** Name of a log group of ours. Groups that AWS services name begin with `/aws/`. */
  logGroupName(name: string): string {
    return `/${product}/${this.#environment}/${name}`;
  }

  /** ARN of what Terraform does not make, or makes later: service principals' sources, other accounts' roles. */
  arn({ service, resource, region = this.region, account = this.accountId }: ArnParts): string {
    return `arn:aws:${service}:${region}:${account}:${resource}`;
  }
}
