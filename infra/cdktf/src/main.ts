/**
 * Writes the Terraform of the environment that STOWAGE_ENV names; with `--hcl` in HCL. Run by `nx run cdktf:synth`, and by
 * the CLI of CDKTF, which says by CDKTF_OUTDIR where it expects it, and by SYNTH_HCL_OUTPUT that it wants HCL.
 */
import { join } from 'node:path';
import { environmentNamed } from './environments/read-environment.ts';
import { runOrRefuse } from './refusal.ts';
import { synthesize, synthesizeHcl } from './synthesize.ts';

await runOrRefuse(() => {
  const { STOWAGE_ENV = 'dev', CDKTF_OUTDIR, SYNTH_HCL_OUTPUT } = process.env;
  const isHcl = process.argv.includes('--hcl') || SYNTH_HCL_OUTPUT === 'true';
  // With it set, the library writes HCL of its own in place of the JSON.
  delete process.env.SYNTH_HCL_OUTPUT;
  const place = isHcl ? `${STOWAGE_ENV}-hcl` : STOWAGE_ENV;
  const outDirectory = CDKTF_OUTDIR ?? join(import.meta.dirname, '../../../dist/cdktf', place);
  (isHcl ? synthesizeHcl : synthesize)(environmentNamed(STOWAGE_ENV), { outDirectory, today: new Date() });
  process.stdout.write(`${STOWAGE_ENV}: ${outDirectory}\n`);
});
