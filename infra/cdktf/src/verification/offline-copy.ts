import { asAttributes, type Attributes } from '../policy/resource-graph.ts';
import { withoutNewerAttributes } from './newer-attributes.ts';

/** A stack as a provider of the mirror understands it. */
export interface OfflineCopy {
  readonly terraform: Attributes;
  /** Attributes that the provider is too old for. */
  readonly leftOut: number;
}

/** Makes a stack fit the AWS provider that is at hand: its version is asked for, and what it does not know is left out. */
export function offlineCopy(terraform: Attributes, awsVersion: string): OfflineCopy {
  const settings = asAttributes(terraform.terraform);
  const providers = asAttributes(settings.required_providers);
  const aws = { ...asAttributes(providers.aws), version: awsVersion };
  const pinned = { ...terraform, terraform: { ...settings, required_providers: { ...providers, aws } } };
  const isOlder = Number(awsVersion.split('.')[0]) < 6;
  return isOlder ? withoutNewerAttributes(pinned) : { terraform: pinned, leftOut: 0 };
}
