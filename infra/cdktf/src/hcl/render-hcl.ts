import { asAttributes, type Attributes } from '../policy/resource-graph.ts';
import { hclKey, hclValue } from './hcl-text.ts';
import type { PlainAttributes } from './plain-attributes.ts';

/** Attributes that refer to something by name; in JSON they are texts, in HCL they are not. */
const referring = new Set(['depends_on', 'provider', 'ignore_changes', 'replace_triggered_by']);

/** Writes the Terraform of a stack, which is in JSON, in HCL. Notes of CDKTF, under `//`, are left out. */
export function renderHcl(terraform: Attributes, plain: PlainAttributes): string {
  const { terraform: settings, provider, output, ...rest } = terraform;
  const blocks = [
    block('terraform', [], renderSettings(asAttributes(settings))),
    ...Object.entries(asAttributes(provider)).flatMap(([name, instances]) =>
      asList(instances).map((body) => block('provider', [name], renderBody(body, `provider.${name}`, plain))),
    ),
    ...Object.entries(rest)
      .filter(([kind]) => kind !== '//')
      .flatMap(([kind, types]) =>
        Object.entries(asAttributes(types)).flatMap(([type, named]) =>
          Object.entries(asAttributes(named)).map(([name, body]) =>
            block(kind, [type, name], renderBody(asAttributes(body), type, plain)),
          ),
        ),
      ),
    ...Object.entries(asAttributes(output)).map(([name, body]) =>
      block('output', [name], renderMap(asAttributes(body))),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function renderSettings({ required_providers, backend, ...rest }: Attributes): readonly string[] {
  const backends = Object.entries(asAttributes(backend));
  return [
    ...renderMap(rest),
    block('required_providers', [], renderMap(asAttributes(required_providers))),
    ...backends.map(([type, body]) => block('backend', [type], renderMap(asAttributes(body)))),
  ];
}

/** The body of a resource or of a block within one, whose place is `path`. */
function renderBody(body: Attributes, path: string, plain: PlainAttributes): readonly string[] {
  return Object.entries(body)
    .filter(([name]) => name !== '//')
    .flatMap(([name, value]) => {
      if (referring.has(name) && !isNested(value)) return [`${name} = ${renderReferences(value)}`];
      const place = `${path}.${name}`;
      if (plain.has(place) || !isNested(value)) return [`${hclKey(name)} = ${hclValue(value)}`];
      return asList(value).map((item) => block(name, [], renderBody(item, place, plain)));
    });
}

function renderMap(map: Attributes): readonly string[] {
  return Object.entries(map).map(([key, value]) => `${hclKey(key)} = ${hclValue(value)}`);
}

function renderReferences(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value);
}

function block(kind: string, labels: readonly string[], body: readonly string[]): string {
  return `${[kind, ...labels.map((label) => JSON.stringify(label))].join(' ')} {\n${body.join('\n')}\n}`;
}

/** Whether a value is blocks, unless it is known to be an attribute: an object, or a list of nothing else, none included. */
function isNested(value: unknown): boolean {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
}

function asList(value: unknown): readonly Attributes[] {
  return Array.isArray(value) ? value.map(asAttributes) : [asAttributes(value)];
}
