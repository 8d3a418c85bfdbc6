/** What went wrong in the product's words. It knows no HTTP: `http/problem-catalog.ts` gives the code a status. */
export class DomainError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
