import { z } from 'zod';
import written from './log-contract.json' with { type: 'json' };

const fields = z.array(z.string());
const contract = z.strictObject({
  everyLine: fields,
  /** By program: fields of each message that a query asks for. */
  programs: z.record(z.enum(['api', 'worker']), z.record(z.string(), fields)),
  /** On lines of a traced request. */
  traced: fields,
  /** What `err` holds. */
  error: fields,
});

export type LogContract = Readonly<z.output<typeof contract>>;

/**
 * What saved queries rely on of the lines that programs print. Tests of the programs compare it with what they print
 * (`log-contract.integration.test.ts` of each).
 */
export function readLogContract(json: unknown = written): LogContract {
  return contract.parse(json);
}
