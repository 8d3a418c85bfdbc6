/**
 * What a rule of a web ACL looks for. The bindings take any object as a statement and write it as it is, so ours is a type of its own:
 * it becomes Terraform in `toStatement`, its price is known, and tests can ask it about requests.
 */
export type Match =
  | { readonly kind: 'method'; readonly method: string }
  | { readonly kind: 'path'; readonly pattern: string }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Match[] }
  | { readonly kind: 'not'; readonly match: Match };

/** A statement as Terraform spells it. */
export type Statement = Readonly<Record<string, unknown>>;

/** AWS takes no longer pattern. */
const longestPattern = 512;

/** The method, in capitals. */
export function methodIs(method: string): Match {
  if (!/^[A-Z]+$/.test(method)) throw new Error(`"${method}" is no method: they are written in capitals.`);
  return { kind: 'method', method };
}

/** The path as it was sent, neither decoded nor normalized, without the query. Throws when the pattern is too long for AWS. */
export function pathMatches(pattern: string): Match {
  if (pattern.length > longestPattern)
    throw new Error(
      `The pattern ${pattern.slice(0, 40)}… has ${pattern.length} characters; ${longestPattern} are allowed.`,
    );
  return { kind: 'path', pattern };
}

/** A label that an earlier rule has put on the request. */
export function hasLabel(label: string): Match {
  return { kind: 'label', label };
}

/** All of them. */
export function allOf(...of: readonly Match[]): Match {
  return several('all', of);
}

/** At least one of them. */
export function anyOf(...of: readonly Match[]): Match {
  return several('any', of);
}

export function not(match: Match): Match {
  return { kind: 'not', match };
}

/** AWS refuses a conjunction or disjunction of fewer than two. */
function several(kind: 'all' | 'any', of: readonly Match[]): Match {
  const [first] = of;
  if (first === undefined) throw new Error('A rule that looks for nothing matches nothing.');
  return of.length === 1 ? first : { kind, of };
}

/** Writes it as Terraform does: snake_case, each empty block where the provider wants one. */
export function toStatement(match: Match): Statement {
  switch (match.kind) {
    case 'method':
      return {
        byte_match_statement: {
          ...look('method'),
          positional_constraint: 'EXACTLY',
          search_string: match.method,
        },
      };
    case 'path':
      return { regex_match_statement: { ...look('uri_path'), regex_string: match.pattern } };
    case 'label':
      return { label_match_statement: { scope: 'LABEL', key: match.label } };
    case 'all':
      return { and_statement: { statement: match.of.map(toStatement) } };
    case 'any':
      return { or_statement: { statement: match.of.map(toStatement) } };
    case 'not':
      return { not_statement: { statement: [toStatement(match.match)] } };
  }
}

function look(part: 'method' | 'uri_path') {
  return { field_to_match: { [part]: {} }, text_transformation: [{ priority: 0, type: 'NONE' }] };
}

/** What it costs of the capacity of a web ACL. AWS asks nothing for joining statements; one unit each keeps a reserve. */
export function capacityOf(match: Match): number {
  switch (match.kind) {
    case 'method':
      return 2;
    case 'path':
      return 3;
    case 'label':
      return 1;
    case 'all':
    case 'any':
      return 1 + match.of.reduce((sum, one) => sum + capacityOf(one), 0);
    case 'not':
      return 1 + capacityOf(match.match);
  }
}

/** Every label it asks for. */
export function labelsOf(match: Match): readonly string[] {
  switch (match.kind) {
    case 'label':
      return [match.label];
    case 'all':
    case 'any':
      return match.of.flatMap(labelsOf);
    case 'not':
      return labelsOf(match.match);
    default:
      return [];
  }
}
