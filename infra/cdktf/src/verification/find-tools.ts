import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join, parse } from 'node:path';

/** Variables of the process, as far as tools are found by them. */
export type ToolEnvironment = Readonly<Record<string, string | undefined>>;

/** Plugins of Terraform on this machine, so that nothing is downloaded. */
export interface ProviderMirror {
  /** Laid out as `HOST/NAMESPACE/NAME/VERSION/OS_ARCH`. */
  readonly directory: string;
  /** Newest version of the AWS provider in it. */
  readonly awsVersion: string;
}

/** What checks with the real Terraform need. Undefined is what this machine does not have. */
export interface Tools {
  readonly terraform: string | undefined;
  readonly mirror: ProviderMirror | undefined;
  readonly motoServer: string | undefined;
}

/** How somebody gets what is missing. */
const remedies: Readonly<Record<keyof Tools, string>> = {
  terraform: 'Terraform 1.11 or newer: install it and put it on the PATH',
  mirror:
    'the AWS provider: run "terraform providers mirror DIRECTORY" beside a stack of dist/cdktf, and set TF_PLUGIN_MIRROR=DIRECTORY',
  motoServer: 'an emulator of AWS: run "pip install \'moto[server]==5.2.1\'" and put moto_server on the PATH',
};

/** Looks for the tools on the PATH, in TF_PLUGIN_MIRROR and in the places that are usual for plugins. */
export function findTools(env: ToolEnvironment): Tools {
  return {
    terraform: findProgram('terraform', env),
    mirror: findMirror(env),
    motoServer: findProgram('moto_server', env),
  };
}

/** What is missing of some tools, each with how to get it. */
export function describeMissing(tools: Tools, needed: readonly (keyof Tools)[]): readonly string[] {
  return needed.filter((tool) => tools[tool] === undefined).map((tool) => remedies[tool]);
}

function findProgram(name: string, { PATH = '' }: ToolEnvironment): string | undefined {
  return PATH.split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findMirror({ TF_PLUGIN_MIRROR, HOME = '' }: ToolEnvironment): ProviderMirror | undefined {
  const { root } = parse(process.cwd());
  const usual = [
    join(root, 'opt/tf-plugins'),
    join(root, 'usr/local/share/terraform/plugins'),
    join(HOME, '.terraform.d/plugins'),
  ];
  const directories = TF_PLUGIN_MIRROR === undefined ? usual : [TF_PLUGIN_MIRROR];
  return directories
    .map((directory) => ({ directory, awsVersion: newestAws(directory) }))
    .find((found): found is ProviderMirror => found.awsVersion !== undefined);
}

function newestAws(mirror: string): string | undefined {
  const [provider] = (existsSync(mirror) ? readdirSync(mirror) : [])
    .map((host) => join(mirror, host, 'hashicorp/aws'))
    .filter((path) => existsSync(path));
  if (provider === undefined) return undefined;
  return readdirSync(provider)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
}
