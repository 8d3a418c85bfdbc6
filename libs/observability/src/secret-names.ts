/** A name is secret when its last word is one of these: `key`, `objectKey`, `x-api-key`, but not `keyCount`. */
const SECRET_WORDS = new Set([
  ...['authorization', 'cookie', 'cookies', 'credential', 'credentials', 'jwt', 'otp', 'passphrase', 'passwd'],
  ...['password', 'passwords', 'pwd', 'secret', 'secrets', 'sig', 'signature', 'token', 'tokens'],
  ...['key', 'keys', 'apikey', 'accesskey', 'privatekey', 'secretkey', 'objectkey', 'link', 'links'],
]);

/** No ordinary word ends in these, so names written in one piece, such as `accesstoken`, are caught as well. */
const SECRET_ENDING = /(?:authorization|cookie|credentials?|passphrase|passwd|password|secret|signature|token)$/;

/** Words that say how a secret is written down, not that it is none: `tokenHash`, `cookie_header`, `secretValue`. */
const CARRIERS = new Set(['hash', 'header', 'plain', 'text', 'value']);

const WORD_BREAK = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/;

/**
 * Whether the value of a field, header, query parameter or setting of this name stays out of logs. Names are read word by
 * word in camelCase, snake_case and kebab-case; the last word decides.
 */
export function isSecretName(name: string): boolean {
  const words = name.split(WORD_BREAK).filter((word) => word !== '');
  // Node's list of names and values in turn, where no value can be told by its name.
  if (words.join('').toLowerCase() === 'rawheaders') return true;
  let last = words.pop()?.toLowerCase();
  if (last !== undefined && CARRIERS.has(last)) last = words.pop()?.toLowerCase();
  if (last === undefined) return false;
  return SECRET_WORDS.has(last) || SECRET_ENDING.test(last);
}
