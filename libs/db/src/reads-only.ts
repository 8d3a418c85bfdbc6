/** Keywords and built-in functions without effects that may stand before a parenthesis in a read. */
const HARMLESS = new Set(
  `abs all and any array array_agg array_length array_position as avg between bit_length bool_and bool_or btrim by
   case cardinality ceil char_length coalesce concat concat_ws convert_from convert_to count cume_dist date_part
   date_trunc decode dense_rank distinct else encode every except exists extract filter first_value floor format from
   greatest group having in initcap intersect interval is json_agg json_build_object jsonb_agg jsonb_build_array
   jsonb_build_object jsonb_object_agg lag last_value lateral lead least left length like ilike limit lower lpad ltrim
   make_interval materialized max md5 min mod not now ntile nullif octet_length on or order over overlay partition
   percent_rank position quote_ident rank regexp_replace replace reverse right round row row_number row_to_json rpad
   rtrim select sha256 sign split_part starts_with string_agg string_to_array strpos substr substring sum then to_char
   to_json to_jsonb to_timestamp translate trim trunc unnest upper using values when where with`.split(/\s+/),
);

const WRITES = /\b(?:insert|update|delete|merge|into|call|truncate|nextval|share)\b/i;
const BEFORE_PARENTHESIS = /([a-z_][a-z0-9_.]*|[^\sa-z0-9_])?\s*\(/gi;
const OPERATOR = /^[,(=<>+*|&~!@%^[:-]$/;

/**
 * Whether an SQL text certainly has no effect: it starts with `select` or `with`, names nothing that writes or locks, and
 * calls only built-in functions known to be harmless. When in doubt the answer is no; a false no costs a retry, a false
 * yes might run an effect twice.
 */
export function readsOnly(text: string): boolean {
  if (!/^\s*(?:select|with)\b/i.test(text) || WRITES.test(text)) return false;
  for (const [, before = ''] of text.matchAll(BEFORE_PARENTHESIS)) {
    const word = before.toLowerCase();
    if (!HARMLESS.has(word) && !OPERATOR.test(word)) return false;
  }
  return true;
}
