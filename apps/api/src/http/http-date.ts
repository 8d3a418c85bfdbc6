const fixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const rfc850 = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Unix time in ms of an HTTP date, in any of the three formats a recipient must take (RFC 9110 §5.6.7); undefined for
 * everything else, however much `Date.parse` would make of it.
 */
export function parseHttpDate(text: string): number | undefined {
  if (!fixdate.test(text) && !rfc850.test(text) && !asctime.test(text)) return undefined;
  const time = Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
