import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DebianTree } from './debian-tree.ts';
import { findOnPath } from './executable-path.ts';
import { runProgram } from './run-program.ts';
import { quote, writeExecutable } from './shell-script.ts';
import type { StackContext } from './stack.ts';

const PROGRAM = 'usr/lib/chromium/chromium';

/** Absolute path of a Chromium on the PATH; undefined when there is none. */
export function findChromium(): string | undefined {
  return findOnPath('chromium') ?? findOnPath('chromium-browser') ?? findOnPath('google-chrome');
}

/**
 * Writes an executable that runs an installed Chromium also as root.
 * @throws ServiceFailedError when that Chromium does not start
 */
export async function wrapInstalledChromium(context: StackContext, chromium: string, path: string): Promise<string> {
  // Chromium refuses to sandbox itself as root, and often cannot in a container; tests open their own pages only.
  writeExecutable(path, `exec ${quote([chromium, '--no-sandbox'])} "$@"`);
  await runProgram([path, '--version'], { signal: context.signal });
  return path;
}

/**
 * Writes an executable that runs the Chromium of a Debian tree.
 * @throws ServiceFailedError when it does not start
 */
export async function wrapDebianChromium(context: StackContext, tree: DebianTree, path: string): Promise<string> {
  const home = join(tree.root, dirname(PROGRAM));
  // Chromium looks for its data beside /proc/self/exe, which is the loader when a loader is what we run.
  const loader = join(home, 'ld.so');
  if (!existsSync(loader)) copyWhole(tree.loader, loader);
  // The crash reporter is started without our loader and would fail aloud; tests do not want its reports.
  writeExecutable(join(home, 'chrome_crashpad_handler'), 'exit 0');
  const chromium = tree.command(PROGRAM, { loader });
  const child = `${path}-child`;
  writeExecutable(child, `exec ${quote(chromium)} "$@"`);
  const flags = ['--no-sandbox', '--no-zygote', '--disable-breakpad'];
  writeExecutable(
    path,
    `export FONTCONFIG_SYSROOT=${quote([tree.root])}\nexec ${quote([...chromium, ...flags, `--browser-subprocess-path=${child}`])} "$@"`,
  );
  await runProgram([path, '--version'], { signal: context.signal });
  return path;
}

function copyWhole(source: string, target: string): void {
  copyFileSync(source, `${target}.new`);
  renameSync(`${target}.new`, target);
}
