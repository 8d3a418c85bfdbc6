export { givenWorkspaceCopy } from './workspace-copy.ts';
export type { ProgramResult, WorkspaceCopy } from './workspace-copy.ts';
