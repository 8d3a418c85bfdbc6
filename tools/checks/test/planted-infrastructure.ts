import { file, importing, type PlantedViolation } from './planted-file.ts';

/** Rules for the code that describes AWS. */
export const infrastructureViolations: readonly PlantedViolation[] = [
  {
    what: 'cdktf outside of its seam',
    rule: '@typescript-eslint/no-restricted-imports',
    fault: importing('infra/cdktf/src/planted-cdktf.ts', 'App', 'cdktf'),
    twin: importing('infra/cdktf/src/planted-seam.ts', 'App', './cdktf.ts'),
  },
  {
    what: 'the whole provider',
    rule: '@typescript-eslint/no-restricted-imports',
    fault: importing('infra/cdktf/src/planted-provider.ts', 'vpc', '@cdktf/provider-aws'),
    twin: importing('infra/cdktf/src/planted-resource.ts', 'Vpc', '@cdktf/provider-aws/lib/vpc/index.js'),
  },
  {
    what: 'process.env in a stack',
    rule: 'no-restricted-properties',
    fault: file('infra/cdktf/src/stacks/planted.ts', 'export const home = process.env.HOME;'),
    twin: file('infra/cdktf/src/planted/main.ts', 'export const home = process.env.HOME;'),
  },
  {
    what: 'an ARN that is spelled out',
    rule: 'no-restricted-syntax',
    fault: file(
      'infra/cdktf/src/constructs/planted-arn.ts',
      'export const arnOf = (name: string): string => `arn:aws:s3:::${name}`;',
    ),
    twin: file(
      'infra/cdktf/src/constructs/planted-arn.test.ts',
      'export const arnOf = (name: string): string => `arn:aws:s3:::${name}`;',
    ),
  },
  {
    what: 'the name of an environment in a stack',
    rule: 'no-restricted-syntax',
    fault: file(
      'infra/cdktf/src/planted-name.ts',
      "export const isLive = (name: string): boolean => name === 'production';",
    ),
    twin: file(
      'infra/cdktf/src/environments/planted-name.ts',
      "export const isLive = (name: string): boolean => name === 'production';",
    ),
  },
];
