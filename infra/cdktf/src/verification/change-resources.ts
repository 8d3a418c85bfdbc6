import { asAttributes, type Attributes } from '../policy/resource-graph.ts';

/** What becomes of one resource; undefined takes it out. */
export type ResourceChange = (block: Attributes, type: string, name: string) => Attributes | undefined;

/** The resources of a stack, by type and name, each as it was changed to be. */
export function changeResources(resources: unknown, change: ResourceChange): Attributes {
  const changed = Object.entries(asAttributes(resources)).map(([type, blocks]) => {
    const kept = Object.entries(asAttributes(blocks))
      .map(([name, block]) => [name, change(asAttributes(block), type, name)] as const)
      .filter(([, block]) => block !== undefined);
    return [type, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(changed.filter(([, blocks]) => Object.keys(blocks).length > 0));
}
