/** Writes the Terraform of the environment that STOWAGE_ENV names. Run by `nx run cdktf:synth` and by the CLI of CDKTF. */
import { join } from 'node:path';
import { environmentNamed } from './environments/read-environment.ts';
import { synthesize } from './synthesize.ts';

const { STOWAGE_ENV = 'dev', CDKTF_OUTDIR } = process.env;
const outDirectory = CDKTF_OUTDIR ?? join(import.meta.dirname, '../../../dist/cdktf', STOWAGE_ENV);
synthesize(environmentNamed(STOWAGE_ENV), { outDirectory, hcl: process.argv.includes('--hcl') });
process.stdout.write(`${STOWAGE_ENV}: ${outDirectory}\n`);
