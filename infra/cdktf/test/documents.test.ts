import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { documentsDirectory, renderDocuments } from '../src/docs/render-documents.ts';
import { expectedUsage } from '../src/environments/expected-usage.ts';
import { environmentNames, readEnvironments } from '../src/environments/read-environment.ts';
import { estimateMonthlyCost, totalUsd } from '../src/models/monthly-cost.ts';
import { synthesized } from './synthesized.ts';

const root = join(__dirname, '../../..');
const documents = renderDocuments(
  readEnvironments().map((environment) => ({ environment, graph: synthesized(environment.name) })),
);

describe('the documents about the infrastructure', () => {
  it('are all there, and no others', () => {
    expect(readdirSync(join(root, documentsDirectory)).sort()).toEqual([...documents.keys()].sort());
  });

  it.each([...documents.keys()])('%s agrees with the code; otherwise run "npx nx run cdktf:docs"', (name) => {
    expect(readFileSync(join(root, documentsDirectory, name), 'utf8')).toBe(documents.get(name));
  });

  it('lead to pages that exist', () => {
    const links = [...documents.values()].flatMap((text) =>
      [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to),
    );
    expect([...new Set(links)].filter((link) => !existsSync(join(root, documentsDirectory, link)))).toEqual([]);
  });
});

it('docs/deploy.md says what an environment costs, to ten dollars', () => {
  const rounded = environmentNames.map(
    (name) => Math.round(totalUsd(estimateMonthlyCost(synthesized(name), expectedUsage[name])) / 10) * 10,
  );
  const said = /About (\d+) USD a month for dev, (\d+) for staging, (\d+) for production/.exec(
    readFileSync(join(root, 'docs/deploy.md'), 'utf8'),
  );
  expect(said?.slice(1).map(Number)).toEqual(rounded);
});

describe.each(['deploy.md', 'restore.md', 'database-users.md'])('the names in docs/%s', (page) => {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const own = /stowage-(?:dev|staging|production)-[a-z\d-]*[a-z\d]/g;
  // What a person makes who follows the page.
  const madeByHand = /-database-(?:restored|damaged)$/;

  it('are names of what there is, in the environment or in one that has more', () => {
    const there = environmentNames.map((name) => anywhere(JSON.stringify(synthesized(name).stacks))).join();
    const named = [...text.matchAll(own)].map(([name]) => name).filter((name) => !madeByHand.test(name));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !isNamed(there, anywhere(name)))).toEqual([]);
  });
});

/** Whole names alone: `stowage-ENV-data` is not there because of `stowage-ENV-database`. */
function isNamed(text: string, name: string): boolean {
  return new RegExp(`${name}(?![a-zA-Z\\d-])`).test(text);
}

function anywhere(text: string): string {
  return text.replaceAll(/stowage-(?:dev|staging|production)-/g, 'stowage-ENV-').replaceAll(/\d{12}/g, 'ACCOUNT');
}
