/** A line that a lint rule must refuse in one place, and its twin that must pass. */
export interface PlantedViolation {
  readonly what: string;
  readonly rule: string;
  /** Where the fault is planted, and what is planted. */
  readonly fault: PlantedFile;
  readonly twin: PlantedFile;
}

export interface PlantedFile {
  readonly path: string;
  readonly text: string;
}

export function file(path: string, text: string): PlantedFile {
  return { path, text: `${text}\n` };
}

/** A file that takes `name` from `module` and uses it. */
export function importing(path: string, name: string, module: string): PlantedFile {
  return file(path, `import { ${name} } from '${module}';\n\nexport const used = ${name};`);
}
