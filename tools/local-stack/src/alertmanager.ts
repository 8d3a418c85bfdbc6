import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebianTree } from './debian-tree.ts';
import { ServiceFailedError } from './service-failed-error.ts';
import { quote, writeExecutable } from './shell-script.ts';

const PROGRAM = 'usr/bin/prometheus-alertmanager';
const DATA = '/usr/share/prometheus/alertmanager';
/** Where the program finds its data instead: a descriptor that its shell script opens. */
const DESCRIPTOR = 9;

/**
 * Writes an executable that runs the Alertmanager of a Debian tree. Debian's build reads its templates from one
 * absolute path and does not start without them, so a copy of the program gets another path of the same length.
 * @throws ServiceFailedError when the program does not contain that path once
 */
export function wrapAlertmanager(tree: DebianTree, path: string): string {
  const copy = `${PROGRAM}.relocated`;
  if (!tree.has(copy)) relocate(join(tree.root, PROGRAM), join(tree.root, copy));
  const data = quote([join(tree.root, DATA)]);
  writeExecutable(path, `exec ${DESCRIPTOR}<${data} ${quote(tree.command(copy))} "$@"`);
  return path;
}

function relocate(source: string, target: string): void {
  const program = readFileSync(source);
  const places = findTemplatePaths(program);
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new ServiceFailedError(`${source} names ${DATA} ${places.length} times; the tests know how to move it once.`);
  }
  program.write(`/proc/self/fd/${DESCRIPTOR}`.padEnd(DATA.length, '/'), place, 'latin1');
  writeFileSync(`${target}.${process.pid}`, program, { mode: 0o755 });
  renameSync(`${target}.${process.pid}`, target);
}

/** Where the path stands by itself; the paths of the web interface go on with a slash. */
function findTemplatePaths(program: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = program.indexOf(DATA); at !== -1; at = program.indexOf(DATA, at + 1)) {
    if (program.toString('latin1', at + DATA.length, at + DATA.length + 1) !== '/') places.push(at);
  }
  return places;
}
