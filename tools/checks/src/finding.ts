/** One fault a check found, with where it is. */
export interface Finding {
  /** Path from the root of the workspace. */
  readonly path: string;
  /** @default undefined - the whole file */
  readonly line?: number;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** `path:line: message`, as editors and terminals make links of it. */
export function formatFinding({ path, line, message }: Finding): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line}: ${message}`;
}
