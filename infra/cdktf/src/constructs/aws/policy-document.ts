/** Values a condition compares with, by operator and key: `{ StringEquals: { 'aws:SourceAccount': '1234…' } }`. */
export type PolicyConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What is allowed on what. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** @default always */
  readonly conditions?: PolicyConditions;
}

/** `'*'` is everybody: for denials, and for endpoints whose conditions name the account. */
export type Principals = '*' | { readonly AWS: readonly string[] } | { readonly Service: readonly string[] };

export interface PolicyStatement extends Permission {
  /** Letters and digits; says what the statement is for. */
  readonly sid: string;
  /** @default 'Allow' */
  readonly effect?: 'Allow' | 'Deny';
  /** Who; of a policy that hangs on a resource. */
  readonly principals?: Principals;
}

/** Who may assume a role, and when. */
export interface TrustStatement {
  readonly sid: string;
  readonly principals: Principals;
  /** @default sts:AssumeRole alone */
  readonly actions?: readonly string[];
  readonly conditions?: PolicyConditions;
}

/** Writes an IAM policy as JSON. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return write(
    statements.map(({ actions, resources, ...statement }) => ({
      ...head(statement),
      Action: actions,
      Resource: resources,
      ...tail(statement),
    })),
  );
}

/** Writes the trust policy of a role as JSON. */
export function trustDocument(statements: readonly TrustStatement[]): string {
  return write(
    statements.map(({ actions = ['sts:AssumeRole'], ...statement }) => ({
      ...head(statement),
      Action: actions,
      ...tail(statement),
    })),
  );
}

function write(statements: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function head({ sid, effect = 'Allow', principals }: Pick<PolicyStatement, 'sid' | 'effect' | 'principals'>) {
  if (!/^[A-Za-z0-9]+$/.test(sid)) throw new Error(`"${sid}" is no id of a statement: letters and digits only.`);
  return { Sid: sid, Effect: effect, ...(principals === undefined ? {} : { Principal: principals }) };
}

function tail({ conditions }: Pick<PolicyStatement, 'conditions'>) {
  return conditions === undefined ? {} : { Condition: conditions };
}
