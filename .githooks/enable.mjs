/** Run by `npm ci` and `npm install`: lets git run the hooks of this directory. Leaves a hooksPath alone that is set. */
import { spawnSync } from 'node:child_process';

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' });

const isCheckout = git('rev-parse', '--git-dir').status === 0;
const isSet = git('config', '--local', '--get', 'core.hooksPath').status === 0;
if (isCheckout && !isSet && process.env.CI === undefined) git('config', '--local', 'core.hooksPath', '.githooks');
