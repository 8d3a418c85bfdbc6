export { renderProblemPage } from './problem-docs.ts';
export type { ProblemEntry } from './problem-docs.ts';
