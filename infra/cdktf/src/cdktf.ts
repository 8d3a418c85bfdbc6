/**
 * The only file that imports `cdktf`. A move to its successor changes this file and the prefix of the provider's imports (ADR 0011).
 * Ways around what version 0.21 lacks live here as well.
 */
import { mkdirSync } from 'node:fs';
import type { IConstruct } from 'constructs';
import {
  App,
  Aspects,
  S3Backend,
  TerraformResource,
  type IAspect,
  type TerraformElement,
  type TerraformStack,
} from 'cdktf';

export {
  Annotations,
  App,
  DataResource,
  Fn,
  ref,
  LocalBackend,
  TerraformElement,
  TerraformResource,
  TerraformStack,
  Token,
} from 'cdktf';
export type { IAspect } from 'cdktf';

/** Terraform that understands what is written: write-only arguments need 1.11, locking by S3 needs 1.10. */
const terraformVersions = '>= 1.11.0, < 2.0.0';

export interface AppOptions {
  /** Directory the Terraform of all stacks is written to, as `stacks/NAME/`. */
  readonly outDirectory: string;
}

/** An empty app whose ids do not depend on where or how it is run. */
export function createApp({ outDirectory }: AppOptions): App {
  mkdirSync(outDirectory, { recursive: true });
  const context = { excludeStackIdFromLogicalIds: true, allowSepCharsInLogicalIds: true };
  return new App({ outdir: outDirectory, stackTraces: false, context });
}

export interface StateLocation {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** Full ARN of the key or of its alias: Terraform refuses anything else. */
  readonly kmsKeyArn: string;
  readonly accountId: string;
}

/** Keeps the state of a stack in S3, encrypted and locked by S3 itself. */
export function keepStateInS3(stack: TerraformStack, location: StateLocation): void {
  const { bucket, key, region, kmsKeyArn, accountId } = location;
  const backend = new S3Backend(stack, {
    bucket,
    key,
    region,
    encrypt: true,
    kmsKeyId: kmsKeyArn,
    allowedAccountIds: [accountId],
  });
  // S3BackendConfig of 0.21 has no `useLockfile`.
  backend.addOverride('use_lockfile', true);
}

/** Refuses versions of Terraform that would misread the stack. */
export function requireTerraform(stack: TerraformStack): void {
  stack.addOverride('terraform.required_version', terraformVersions);
}

/** The synthesizer of 0.21 starts at each stack, so an aspect of the app would never be asked. */
export function addAspects(stack: TerraformStack, aspects: readonly IAspect[]): void {
  for (const aspect of aspects) Aspects.of(stack).add(aspect);
}

export interface EphemeralResource {
  /** Such as `aws_secretsmanager_random_password`. */
  readonly type: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Declares a value that Terraform makes anew in each run and never stores; 0.21 has no classes for these. Returns its address. */
export function addEphemeral(stack: TerraformStack, { type, name, attributes }: EphemeralResource): string {
  stack.addOverride(`ephemeral.${type}.${name}`, attributes);
  return `ephemeral.${type}.${name}`;
}

/** Sets attributes that the bindings do not know, in Terraform's own spelling. */
export function override(element: TerraformElement, attributes: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(attributes)) element.addOverride(name, value);
}

/** All resources of constructs, for `dependsOn`, which knows resources only. */
export function resourcesOf(...constructs: readonly IConstruct[]): TerraformResource[] {
  return constructs.flatMap((construct) =>
    construct.node.findAll().filter((child) => child instanceof TerraformResource),
  );
}
