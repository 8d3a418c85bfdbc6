import { isSecretName } from './secret-names.ts';

/** What stands in place of a withheld value. */
export const REDACTED = '[Redacted]';

const MAX_LENGTH = 8_192;

/** Cheap look for anything the patterns below could match; most strings of a log line stop here. */
const SUSPICIOUS = /:\/\/|=|["'] *:|: *'|bearer |basic |eyJ|cookie|authorization/i;

/**
 * `user:password@` of a URL (RFC 3986, section 3.2.1), also when the password holds an unescaped `@`, `/`, `?` or `#`;
 * `host:8080/@scope` is none.
 */
const USER_INFO = /([a-z][a-z0-9+.-]{1,19}:\/\/)(?:[^\s"'<>/?#@:]*:(?!\d{1,5}[/?#])[^\s"'<>]*@|[^\s"'<>/?#]*@)/gi;
/** A comma ends the value only where another pair follows, or a space. */
const ASSIGNMENT = /(^|[\s,;{(?&])([\w.-]{1,64})=("[^"]*"|'[^']*'|(?:[^\s&,;#"']|,(?![\w.-]{1,64}=|\s|$))+)/g;
/** Also inside of a string that is JSON itself, where the quotes are escaped. */
const JSON_MEMBER = /(\\?")([\w.-]{1,64})\1( *: *)(?:\\"[^"]*?\\"|"(?:[^"\\]|\\.)*"|[^\s"\\,{}[\]]+)/g;
/** As `util.inspect` writes an object. */
const INSPECTED = /\b([\w.-]{1,64})('? *: *)'(?:[^'\\]|\\.)*'/g;
/** A line of a head, a member of an object, or an element of `rawHeaders`. */
const HEADER =
  /\b((?:set-)?cookie|(?:proxy-)?authorization)(\\?["']? *: *|\\?["'] *, *)(?:\\"[^"]*?\\"|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"'\\][^\r\n"']*)/gi;
const SCHEME = /\b(bearer|basic) +[\w.~+/=-]{6,}/gi;
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

/**
 * Cuts secrets out of free text such as URLs, connection strings and messages of errors: credentials in URLs, values of
 * query parameters and `name=value` pairs and members of JSON and of inspected objects with secret names, authorization
 * and cookie headers, bearer and basic credentials, JSON web tokens. Text beyond 8,192 characters is cut off.
 */
export function stripSecrets(text: string): string {
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}[Cut]` : text;
  if (!SUSPICIOUS.test(short)) return short;
  return short
    .replace(USER_INFO, `$1${REDACTED}@`)
    .replace(HEADER, `$1$2${REDACTED}`)
    .replace(SCHEME, `$1 ${REDACTED}`)
    .replace(JWT, REDACTED)
    .replace(ASSIGNMENT, (whole, before: string, name: string) =>
      isSecretName(name) ? `${before}${name}=${REDACTED}` : whole,
    )
    .replace(JSON_MEMBER, (whole, ...[quote, name, colon]: string[]) =>
      isSecretName(name ?? '') ? `${quote}${name}${quote}${colon}${quote}${REDACTED}${quote}` : whole,
    )
    .replace(INSPECTED, (whole, name: string, colon: string) =>
      isSecretName(name) ? `${name}${colon}'${REDACTED}'` : whole,
    );
}
