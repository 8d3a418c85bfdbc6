/** A file of the repository. */
export interface SourceFile {
  /** Path from the root of the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Unit, integration and contract tests, and what lies in a `test` directory. */
export function isTest(path: string): boolean {
  return /\.test\.ts$|-contract\.ts$|\/test\//.test(path);
}

/** Programs, as opposed to documents and data. */
export function isCode(path: string): boolean {
  return /\.(?:ts|mts|js|mjs|cjs|sql|sh)$/.test(path);
}

/** Every match of `pattern`, with its line. */
export function* matches({ text }: SourceFile, pattern: RegExp): Generator<{ line: number; match: string }> {
  for (const [index, line] of text.split('\n').entries()) {
    const found = pattern.exec(line);
    if (found !== null) yield { line: index + 1, match: found[0] };
  }
}
