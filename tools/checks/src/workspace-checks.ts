import { checkDocuments, renderDocuments } from './documents.ts';
import { formatFinding, type Finding } from './finding.ts';
import { checkLayout } from './layout.ts';
import { readRepositoryFiles } from './repository-files.ts';

/** The checks that look at the whole repository and need no program. Prints what they find; answers whether each passed. */
export async function runWorkspaceChecks(root: string): Promise<readonly boolean[]> {
  const layout = checkLayout(await readRepositoryFiles(root));
  const documents = await checkDocuments(root, renderDocuments());
  return [report('layout', layout), report('documents', documents)];
}

function report(check: string, findings: readonly Finding[]): boolean {
  console.log(findings.length === 0 ? `${check}: passed` : `${check}: ${findings.length} found`);
  for (const finding of findings) console.error(`  ${formatFinding(finding)}`);
  return findings.length === 0;
}
