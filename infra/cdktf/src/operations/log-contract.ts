import { z } from 'zod';
import written from './log-contract.json' with { type: 'json' };

const fields = z.array(z.string());
const contract = z.strictObject({
  everyLine: fields,
  /** Fields of each message that a query asks for. */
  messages: z.record(z.string(), fields),
  /** On lines of a traced request. */
  traced: fields,
  /** What `err` holds. */
  error: fields,
});

export type LogContract = Readonly<z.output<typeof contract>>;

/**
 * What saved queries rely on of the lines that programs print. A test of the API compares it with what the API prints
 * (`apps/api/test/log-contract.integration.test.ts`).
 */
export function readLogContract(json: unknown = written): LogContract {
  return contract.parse(json);
}
