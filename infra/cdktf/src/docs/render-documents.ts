import { renderAlarms } from './alarm-page.ts';
import { renderCosts } from './cost-page.ts';
import { renderEnvironments } from './environment-page.ts';
import { page } from './markdown.ts';
import { renderOutputs } from './output-page.ts';
import { renderPolicy } from './policy-page.ts';
import { renderStacks } from './stack-page.ts';
import type { SynthesizedEnvironment } from './synthesized-environment.ts';

/** Where the documents lie, from the root of the workspace. */
export const documentsDirectory = 'docs/infrastructure';

/** Every document about the infrastructure, by its file name. */
export function renderDocuments(environments: readonly SynthesizedEnvironment[]): ReadonlyMap<string, string> {
  return new Map([
    [
      'README.md',
      page('Infrastructure', [
        [
          '- [Stacks](stacks.md): which there are, in which order, and what they hold',
          '- [Outputs](outputs.md): what stacks hand to each other',
          '- [Environments](environments.md): in what they differ',
          '- [Costs](costs.md): what each is estimated to cost',
          '- [Alarms](alarms.md): what they say, and what to do',
          '- [Policy](policy.md): the rules of scanners and benchmarks, and exemptions from them',
        ].join('\n'),
      ]),
    ],
    ['stacks.md', renderStacks(environments)],
    ['outputs.md', renderOutputs(environments)],
    ['environments.md', renderEnvironments(environments)],
    ['costs.md', renderCosts(environments)],
    ['alarms.md', renderAlarms(environments)],
    ['policy.md', renderPolicy()],
  ]);
}
