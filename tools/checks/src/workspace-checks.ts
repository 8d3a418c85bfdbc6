import { checkDocuments, renderDocuments } from './documents.ts';
import { formatFinding, type Finding } from './finding.ts';
import { checkLayout } from './layout.ts';
import { readRepositoryFiles } from './repository-files.ts';
import { oneCheck } from './task-totals.ts';
import type { TestResults } from './test-results.ts';

/** The checks that look at the whole repository and need no program. Prints what they find. */
export async function runWorkspaceChecks(root: string): Promise<readonly TestResults[]> {
  const layout = checkLayout(await readRepositoryFiles(root));
  const documents = await checkDocuments(root, renderDocuments());
  return [report('layout', layout), report('documents', documents)];
}

function report(check: string, findings: readonly Finding[]): TestResults {
  console.log(findings.length === 0 ? `${check}: passed` : `${check}: ${findings.length} found`);
  for (const finding of findings) console.error(`  ${formatFinding(finding)}`);
  return oneCheck(check, findings.length === 0);
}
