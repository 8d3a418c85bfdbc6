import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentNamed, environmentNames } from '../src/environments/read-environment.ts';
import { asAttributes, type ResourceGraph } from '../src/policy/resource-graph.ts';
import { synthesize } from '../src/synthesize.ts';
import { inOrder } from '../src/terraform/stack-order.ts';
import { synthesized } from './synthesized.ts';

describe.each(environmentNames)('%s', (name) => {
  const graph = synthesized(name);

  it('is synthesized to the same bytes twice, wherever it is written', () => {
    const [first, second] = [writtenFor(name), writtenFor(name)];
    expect(first.size).toBe(graph.stacks.length + 1);
    expect(second).toEqual(first);
  });

  it('names no directory of this machine', () => {
    for (const [path, text] of writtenFor(name)) {
      expect({ path, found: text.includes(process.cwd()) || text.includes(tmpdir()) }).toEqual({ path, found: false });
    }
  });

  it('has stacks that do not depend on each other in a circle', () => {
    expect(inOrder(graph.stacks)).toHaveLength(graph.stacks.length);
    expect(graph.stack('bootstrap').dependencies).toEqual([]);
  });

  it('keeps each state in its own place, encrypted and locked by S3', () => {
    const places = graph.stacks.map(({ terraform }) =>
      asAttributes(asAttributes(asAttributes(terraform.terraform).backend).s3),
    );
    expect(places.map(({ key }) => key)).toEqual(graph.stacks.map((stack) => `stowage/${name}/${stack.name}.tfstate`));
    for (const place of places) {
      expect(place).toMatchObject({ encrypt: true, use_lockfile: true });
      expect(place).not.toHaveProperty('dynamodb_table');
      expect(place.kms_key_id).toMatch(/^arn:aws:kms:us-east-1:\d{12}:alias\/stowage-/);
    }
  });

  it('asks for Terraform 1.11 and one version of the provider', () => {
    for (const { terraform } of graph.stacks)
      expect(terraform.terraform).toMatchObject({
        required_version: '>= 1.11.0, < 2.0.0',
        required_providers: { aws: { version: '6.25.0' } },
      });
  });

  it('touches no account but its own', () => {
    const accounts = new Set(graph.stacks.flatMap(({ terraform }) => accountsOf(terraform)));
    expect(accounts).toEqual(new Set([environmentNamed(name).account.id]));
  });

  // Another stack reads an output by its name: renaming a construct breaks the stacks that were applied before.
  it('has the outputs that stacks agree on', () => {
    const outputs = graph.stacks.map((stack) => [stack.name, Object.keys(asAttributes(stack.terraform.output)).sort()]);
    expect(Object.fromEntries(outputs)).toMatchSnapshot();
  });

  // What it costs to rename a construct: Terraform replaces the resource.
  it('has the resources it had', () => {
    expect(graph.resources.map(({ path, type }) => `${path} ${type}`).sort()).toMatchSnapshot();
  });
});

describe('production', () => {
  it('is what it was', () => {
    expect(settingsOf(synthesized('production'))).toMatchSnapshot();
  });
});

function writtenFor(name: string): ReadonlyMap<string, string> {
  const outDirectory = mkdtempSync(join(tmpdir(), 'stowage-'));
  synthesize(environmentNamed(name), { outDirectory });
  const files = readdirSync(outDirectory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = files.map(({ parentPath, name: file }): [string, string] => {
    const path = join(parentPath, file);
    return [path.slice(outDirectory.length), readFileSync(path, 'utf8')];
  });
  rmSync(outDirectory, { recursive: true });
  return new Map(written);
}

function accountsOf(terraform: Readonly<Record<string, unknown>>): readonly string[] {
  const providers = asAttributes(terraform.provider).aws;
  return (Array.isArray(providers) ? providers : []).flatMap((provider) => {
    const { allowed_account_ids: ids } = asAttributes(provider);
    return Array.isArray(ids) ? ids.map(String) : ['any'];
  });
}

function settingsOf(graph: ResourceGraph): Readonly<Record<string, unknown>> {
  const { resources } = graph;
  return Object.fromEntries(resources.map(({ path, type, attributes }) => [`${path} ${type}`, attributes]));
}
