/** A name in the spellings that files, code, SQL and text have. */
export interface Spellings {
  /** `access-token` */
  readonly file: string;
  /** `accessToken` */
  readonly variable: string;
  /** `AccessToken` */
  readonly type: string;
  /** `access_token` */
  readonly sql: string;
  /** `access token` */
  readonly words: string;
}

const kebabCase = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/;

/**
 * The spellings of a name in kebab-case.
 * @throws Error when it is not in kebab-case
 */
export function spell(name: string): Spellings {
  if (!kebabCase.test(name)) throw new Error(`"${name}" is not in kebab-case: lower-case words joined by hyphens.`);
  const type = name.split('-').map(capitalize).join('');
  return {
    file: name,
    variable: type.charAt(0).toLowerCase() + type.slice(1),
    type,
    sql: name.replaceAll('-', '_'),
    words: name.replaceAll('-', ' '),
  };
}

/** The word with its first letter in upper case. */
export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `a label`, `an access token`. */
export function withArticle(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}
