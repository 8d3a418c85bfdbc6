import { join } from 'node:path';
import { blocksAt } from '../policy/attributes.ts';
import { asAttributes, type Attributes, type SynthesizedStack } from '../policy/resource-graph.ts';
import { changeResources } from './change-resources.ts';
import { ignoringForgotten } from './forgotten-attributes.ts';
import { isEmulated } from './not-emulated.ts';
import { offlineCopy } from './offline-copy.ts';

export interface RehearsalCopyOptions {
  readonly awsVersion: string;
  /** Where the states of all stacks lie, as `STACK.tfstate`. */
  readonly stateDirectory: string;
}

export interface RehearsalCopy {
  readonly terraform: Attributes;
  /** Addresses of resources that the emulator does not know. */
  readonly leftOut: readonly string[];
}

/** What stands where something refers to a resource that was left out; policies take nothing but ARNs. */
const placeholder = 'left-out';
const placeholderArn = `arn:aws:rehearsal:::${placeholder}`;

/** A stack as it is applied to the emulator: state on this disk, no protection against being taken down, only what is emulated. */
export function rehearsalCopy(stack: SynthesizedStack, options: RehearsalCopyOptions): RehearsalCopy {
  const { stateDirectory, awsVersion } = options;
  const { terraform } = offlineCopy(stack.terraform, awsVersion);
  const leftOut: string[] = [];
  const resource = changeResources(terraform.resource, (block, type, name) => {
    if (isEmulated(type, block)) return ignoringForgotten(type, relax(block));
    leftOut.push(`${type}.${name}`);
    return undefined;
  });
  const changed = {
    ...terraform,
    resource,
    ...('data' in terraform && { data: withLocalStates(asAttributes(terraform.data), stateDirectory) }),
    provider: withLocalProviders(asAttributes(terraform.provider)),
    terraform: {
      ...asAttributes(terraform.terraform),
      backend: { local: { path: join(stateDirectory, `${stack.name}.tfstate`) } },
    },
  };
  return { terraform: asAttributes(withoutReferences(changed, leftOut)), leftOut };
}

function withLocalProviders(provider: Attributes): Attributes {
  const local = {
    access_key: 'rehearsal',
    secret_key: 'rehearsal',
    s3_use_path_style: true,
    skip_metadata_api_check: true,
    // The emulator does not change its mind; under load a connection may break.
    max_retries: 4,
  };
  return { ...provider, aws: blocksAt(provider, 'aws').map((aws) => ({ ...aws, ...local })) };
}

function withLocalStates(data: Attributes, stateDirectory: string): Attributes {
  const states = Object.entries(asAttributes(data.terraform_remote_state)).map(([name]) => {
    const producer = name.replace(/^cross-stack-reference-input-/, '');
    return [name, { backend: 'local', config: { path: join(stateDirectory, `${producer}.tfstate`) } }];
  });
  return states.length === 0 ? data : { ...data, terraform_remote_state: Object.fromEntries(states) };
}

/** What can be taken down again. */
function relax(block: Attributes): Attributes {
  const { prevent_destroy: _protection, ...lifecycle } = asAttributes(block.lifecycle);
  return {
    ...block,
    ...('lifecycle' in block ? { lifecycle } : {}),
    ...('deletion_protection' in block ? { deletion_protection: false } : {}),
    ...('enable_deletion_protection' in block ? { enable_deletion_protection: false } : {}),
    ...('skip_final_snapshot' in block ? { skip_final_snapshot: true } : {}),
    // Nothing is in what was just made, and the emulator cannot list what is in a vault.
    ...('force_destroy' in block ? { force_destroy: false } : {}),
  };
}

/** Puts a placeholder where something that was left out is referred to, and takes it out of `depends_on`. */
function withoutReferences(value: unknown, gone: readonly string[]): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{([^}]*)\}/g, (whole, expression: string) =>
      gone.some((address) => refersTo(expression, address)) ? standIn(expression) : whole,
    );
  if (Array.isArray(value))
    return value
      .filter((item) => !(typeof item === 'string' && gone.includes(item)))
      .map((item) => withoutReferences(item, gone));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutReferences(item, gone)]));
}

function standIn(expression: string): string {
  return /[._]arn$/.test(expression) ? placeholderArn : placeholder;
}

function refersTo(expression: string, address: string): boolean {
  const found = expression.indexOf(address);
  return found >= 0 && !/[\w-]/.test(expression.charAt(found + address.length));
}
