// Makes `npx` run the Node 24 that came with `npm ci`, whatever the system's is. npm 11 makes this link by itself;
// npm 9, which Debian 13 has, leaves it out since the package for the other processor claims the same name.
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const modules = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../node_modules');
const binary = join(modules, `node-linux-${process.arch}/bin/node`);
const link = join(modules, '.bin/node');
if (existsSync(binary) && !existsSync(link)) {
  rmSync(link, { force: true });
  symlinkSync(`../node-linux-${process.arch}/bin/node`, link);
}
