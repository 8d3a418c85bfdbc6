import { types } from 'pg';

/** A column's value that has no faithful JavaScript form. */
export class ColumnValueError extends RangeError {
  override readonly name = 'ColumnValueError';
}

/** Type OIDs of pg_type.dat, fixed for ever. */
const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;

/** The driver's table, with the types its declarations hide: any OID, and text in. */
const driverParser = types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;

function toSafeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new ColumnValueError('an int8 is beyond 2^53 and has no exact number; select it as text');
  return value;
}

function toSafeNumbers(text: string): unknown {
  return mapDeep(driverParser(INT8_ARRAY)(text));
}

function mapDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mapDeep);
  return typeof value === 'string' ? toSafeNumber(value) : value;
}

const asText = (text: string): string => text;

const UTC_TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?\+00$/;

/** What a session in UTC writes is nearly ISO 8601, which V8 reads several times as fast as the driver does. */
function toDate(text: string): unknown {
  if (!UTC_TIME.test(text)) return driverParser(TIMESTAMPTZ)(text);
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}

/**
 * Differs from the driver in what it gets wrong: `int8` is a number instead of a string, and `date` and `timestamp`
 * stay text, as a Date would move them into the time zone of the process. `timestamptz` is the same, but sooner.
 */
const parsers = new Map<number, (text: string) => unknown>([
  [INT8, toSafeNumber],
  [INT8_ARRAY, toSafeNumbers],
  [DATE, asText],
  [TIMESTAMP, asText],
  [TIMESTAMPTZ, toDate],
]);

/** How columns become values; handed to each client, so that the driver's global table stays as others expect it. */
export const columnValues = {
  getTypeParser(oid: number, format?: string): (value: string) => unknown {
    return (format === 'binary' ? undefined : parsers.get(oid)) ?? driverParser(oid, format);
  },
};
