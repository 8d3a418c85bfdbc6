import { TerraformElement, type TerraformStack } from '../cdktf.ts';
import { asAttributes } from '../policy/resource-graph.ts';
import type { MapAttributes } from './render-hcl.ts';

/** Maps that the bindings do not describe. */
const undescribed = ['terraform_remote_state.config'];

/** Which attributes of a stack are maps and which are blocks is known to the bindings of the provider alone. */
export function findMapAttributes(stack: TerraformStack): MapAttributes {
  const elements = stack.node.findAll().filter((construct) => construct instanceof TerraformElement);
  return new Set([
    ...undescribed,
    ...elements.flatMap((element) => mapsOfElement(asAttributes(element.toHclTerraform()))),
  ]);
}

function mapsOfElement({ provider, resource, data }: Readonly<Record<string, unknown>>): readonly string[] {
  const providers = Object.entries(asAttributes(provider)).flatMap(([name, instances]) =>
    asList(instances).flatMap((body) => mapsOfBody(body, `provider.${name}`)),
  );
  const resources = [resource, data].flatMap((kind) =>
    Object.entries(asAttributes(kind)).flatMap(([type, named]) =>
      Object.values(asAttributes(named)).flatMap((body) => mapsOfBody(body, type)),
    ),
  );
  return [...providers, ...resources];
}

/** The bindings describe each attribute as `{ value, isBlock }`; in providers it is `is_block`. */
function mapsOfBody(body: unknown, path: string): readonly string[] {
  return Object.entries(asAttributes(body)).flatMap(([name, description]) => {
    const { value, isBlock, is_block } = asAttributes(description);
    const place = `${path}.${name}`;
    if (isBlock === true || is_block === true) return asList(value).flatMap((item) => mapsOfBody(item, place));
    return isBlock === false || is_block === false ? [place] : [];
  });
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
