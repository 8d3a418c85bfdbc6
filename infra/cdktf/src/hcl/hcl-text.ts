/** HCL of single values: https://developer.hashicorp.com/terraform/language/syntax/json says how JSON maps to it. */

/** A value as Terraform's JSON syntax has it. Texts are templates. */
export function hclValue(value: unknown): string {
  if (typeof value === 'string') return hclText(value);
  if (Array.isArray(value)) return `[${value.map(hclValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${hclKey(key)} = ${hclValue(item)}`);
    return entries.length === 0 ? '{}' : `{\n${entries.join('\n')}\n}`;
  }
  return JSON.stringify(value);
}

/** A template. One that consists of an expression alone is that expression. */
export function hclText(text: string): string {
  const parts = splitTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && only?.isExpression) return only.text.slice(2, -1);
  return `"${parts.map((part) => (part.isExpression ? part.text : escape(part.text))).join('')}"`;
}

/** A name on the left of an equals sign. */
export function hclKey(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : hclText(key);
}

interface TemplatePart {
  readonly text: string;
  readonly isExpression: boolean;
}

/** Cuts a template into what stands for itself and `${…}`; braces within an expression nest, `$${` is a text. */
function splitTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let rest = template;
  for (;;) {
    const start = /(?<!\$)\$\{/.exec(rest)?.index;
    if (start === undefined) break;
    const end = endOfExpression(rest, start + 2);
    if (start > 0) parts.push({ text: rest.slice(0, start), isExpression: false });
    parts.push({ text: rest.slice(start, end), isExpression: true });
    rest = rest.slice(end);
  }
  return rest === '' && parts.length > 0 ? parts : [...parts, { text: rest, isExpression: false }];
}

function endOfExpression(template: string, from: number): number {
  let depth = 1;
  for (let index = from; index < template.length; index += 1) {
    if (template[index] === '{') depth += 1;
    if (template[index] === '}') depth -= 1;
    if (depth === 0) return index + 1;
  }
  throw new Error(`An expression does not end: ${template.slice(from - 2)}`);
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
