import type { StateLocation } from './cdktf.ts';
import type { Environment } from './environments/environment.ts';
import { product, resourceName } from './resource-name.ts';

/** Names of what the bootstrap stack makes, which every stack needs before any of it exists. */
export interface StateStore {
  readonly bucket: string;
  /** Alias of the key; the id of a key is not known before it is made. */
  readonly keyAlias: string;
}

function stateStore({ name, account }: Environment): StateStore {
  const scope = { environment: name, accountId: account.id };
  return { bucket: resourceName(scope, 'state', 'bucket'), keyAlias: `alias/${resourceName(scope, 'state')}` };
}

/** Where a stack keeps its state: one object for each environment and stack. */
export function stateLocation(environment: Environment, stack: string): StateLocation {
  const { id: accountId, region } = environment.account;
  const { bucket, keyAlias } = stateStore(environment);
  return {
    bucket,
    key: `${product}/${environment.name}/${stack}.tfstate`,
    region,
    kmsKeyArn: `arn:aws:kms:${region}:${accountId}:${keyAlias}`,
    accountId,
  };
}
