import { TerraformElement, type TerraformStack } from '../cdktf.ts';
import { asAttributes } from '../policy/resource-graph.ts';

/** Places, as `TYPE.PATH`, whose value is a map or a list in HCL, and no block. JSON writes all of them alike. */
export type PlainAttributes = ReadonlySet<string>;

/** Maps that the bindings do not describe. */
const undescribed = ['terraform_remote_state.config'];

/** Which attributes of a stack are blocks is known to the bindings of the provider alone. */
export function findPlainAttributes(stack: TerraformStack): PlainAttributes {
  const elements = stack.node.findAll().filter((construct) => construct instanceof TerraformElement);
  return new Set([...undescribed, ...elements.flatMap((element) => placesIn(asAttributes(element.toHclTerraform())))]);
}

function placesIn({ provider, resource, data }: Readonly<Record<string, unknown>>): readonly string[] {
  const providers = Object.entries(asAttributes(provider)).flatMap(([name, instances]) =>
    asList(instances).flatMap((body) => placesInBody(body, `provider.${name}`)),
  );
  const resources = [resource, data].flatMap((kind) =>
    Object.entries(asAttributes(kind)).flatMap(([type, named]) =>
      Object.values(asAttributes(named)).flatMap((body) => placesInBody(body, type)),
    ),
  );
  return [...providers, ...resources];
}

/** The bindings describe each attribute as `{ value, isBlock }`; in providers it is `is_block`. */
function placesInBody(body: unknown, path: string): readonly string[] {
  return Object.entries(asAttributes(body)).flatMap(([name, description]) => {
    const { value, isBlock, is_block, storageClassType } = asAttributes(description);
    const place = `${path}.${name}`;
    if (isBlock === true || is_block === true) return asList(value).flatMap((item) => placesInBody(item, place));
    // What nests without end, as statements of a firewall do, is of class `any`: it is blocks all the way down.
    const isAttribute = (isBlock === false || is_block === false) && storageClassType !== 'any';
    return isAttribute ? [place] : [];
  });
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
