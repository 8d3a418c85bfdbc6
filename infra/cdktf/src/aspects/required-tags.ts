import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js';
import type { IConstruct } from 'constructs';
import { Annotations, TerraformResource, type IAspect } from '../cdktf.ts';
import type { Environment } from '../environments/environment.ts';
import { product } from '../resource-name.ts';

export type Tags = Readonly<Record<string, string>>;

/** Tags that everything carries, so that a bill and an alarm lead to a team. */
export function requiredTags(environment: Environment, stack: string): Tags {
  return {
    Product: product,
    Environment: environment.name,
    Stack: stack,
    Owner: environment.owner,
    CostCentre: environment.costCentre,
    ManagedBy: 'terraform',
  };
}

/** A resource that can be tagged, as the bindings generate it. */
export interface TaggableResource extends TerraformResource {
  tags: Record<string, string>;
  readonly tagsInput: Record<string, string> | undefined;
}

export function isTaggable(construct: IConstruct): construct is TaggableResource {
  return construct instanceof TerraformResource && 'tags' in construct && 'tagsInput' in construct;
}

/** Refuses resources that would lose a required tag. The provider sets them as defaults; these are the ways around that. */
export class RequiredTags implements IAspect {
  readonly #tags: Tags;

  constructor(tags: Tags) {
    this.#tags = tags;
  }

  visit(construct: IConstruct): void {
    if (isTaggable(construct)) this.#refuseOverrides(construct);
    if (construct instanceof LaunchTemplate) this.#demandOnLaunch(construct);
  }

  #refuseOverrides(resource: TaggableResource): void {
    const overridden = Object.entries(resource.tagsInput ?? {})
      .filter(([key, value]) => key in this.#tags && this.#tags[key] !== value)
      .map(([key]) => key);
    if (overridden.length > 0)
      Annotations.of(resource).addError(`changes ${overridden.join(', ')}, which the environment sets for everything.`);
  }

  /** Auto Scaling launches these machines and volumes, and knows nothing of the provider's defaults. */
  #demandOnLaunch(template: LaunchTemplate): void {
    const specifications = template.tagSpecificationsInput;
    const tagged = (kind: string) =>
      Array.isArray(specifications) &&
      specifications.some(
        ({ resourceType, tags }) =>
          resourceType === kind && Object.keys(this.#tags).every((key) => key in (tags ?? {})),
      );
    const bare = ['instance', 'volume'].filter((kind) => !tagged(kind));
    if (bare.length > 0)
      Annotations.of(template).addError(
        `launches ${bare.join(' and ')} without ${Object.keys(this.#tags).join(', ')}.`,
      );
  }
}
