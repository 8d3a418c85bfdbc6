import { execFileSync } from 'node:child_process';
import { formatFiles, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { migrationsDirectory } from '../migration/generator.ts';
import { capitalize, spell, withArticle, type Spellings } from '../naming.ts';
import { nextNumber } from '../numbering.ts';
import { fillTemplates, refuseExisting } from '../templates.ts';
import { editText } from '../text-edit.ts';
import { problemEntries, registerProblems } from './register-problems.ts';
import { composeCall, composeImport, registerRoutes } from './register-routes.ts';

export interface FeatureOptions {
  /** The thing the feature is about, singular, in kebab-case. */
  readonly name: string;
  /** @default the name with an `s` */
  readonly plural?: string;
}

interface Feature {
  readonly thing: Spellings;
  readonly plural: Spellings;
}

const api = 'apps/api/src';

/** Makes all rooms of a feature of the API and registers its problems and routes. */
export async function generateFeature(tree: Tree, options: FeatureOptions): Promise<GeneratorCallback> {
  const feature = { thing: spell(options.name), plural: spell(options.plural ?? `${options.name}s`) };
  const { plural } = feature;
  refuseExisting(tree, `${api}/${plural.file}`);
  const values = templateValues(feature, nextNumber(tree, migrationsDirectory));
  await fillTemplates(tree, { of: 'feature/files/src', into: api }, values);
  await fillTemplates(tree, { of: 'feature/files/test', into: 'apps/api/test' }, values);
  await fillTemplates(tree, { of: 'feature/files/migrations', into: migrationsDirectory }, values);
  register(tree, feature);
  await formatFiles(tree);
  return () => {
    execFileSync(process.execPath, ['tools/checks/src/write-documents.ts'], { cwd: tree.root, stdio: 'inherit' });
    logger.info(`Next: count and log what happens to ${plural.words} in ${api}/events/api-events.ts.`);
  };
}

function templateValues({ thing, plural }: Feature, number: string): Record<string, string> {
  return {
    ...{ singular: thing.file, variable: thing.variable, Type: thing.type, words: thing.words, sqlSingular: thing.sql },
    ...{ plural: plural.file, pluralVariable: plural.variable, Types: plural.type, pluralWords: plural.words },
    ...{
      articleWords: withArticle(thing.words),
      Article: capitalize(withArticle(thing.words)),
      table: plural.sql,
      number,
    },
  };
}

function register(tree: Tree, { thing, plural }: Feature): void {
  editText(tree, `${api}/http/problem-catalog.ts`, {
    change: (text) => registerProblems(text, { thing, plural }),
    byHand: `${thing.type}ErrorCode to ProblemCode, and these entries:\n${problemEntries(thing)}`,
  });
  editText(tree, `${api}/compose.ts`, {
    change: (text) => registerRoutes(text, plural),
    byHand: `${composeImport(plural)}\nand to the routes: ${composeCall(plural)}`,
  });
}
