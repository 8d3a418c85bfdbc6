/** Spellings of things nobody may read: keys of AWS, private keys, tokens of well-known services, passwords in addresses. */
const secretShapes: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}\b/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$]+:[^\s/@$]+@/i,
  /(?<![a-z])(?:password|passwd|secret|token|api_?key)(?:=|["']\s*:\s*)["']?(?!\$\{|arn:|true\b|false\b|null\b)[^\s"'${]{8,}/i,
];

/** Whether a text looks as if a secret were written out in it. References such as `${aws_…}` are none. */
export function holdsSecret(text: string): boolean {
  return secretShapes.some((shape) => shape.test(text));
}
