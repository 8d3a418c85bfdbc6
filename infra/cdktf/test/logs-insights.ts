/** What CloudWatch Logs Insights would answer, as far as our saved queries go. Unknown commands and functions are errors. */
export type LogEvent = Readonly<Record<string, unknown>>;
export type Row = Readonly<Record<string, unknown>>;

const fiveMinutesMs = 300_000;

/** Runs a query on events. A field that is not there is left out of a row. */
export function runQuery(commands: readonly string[], events: readonly LogEvent[]): readonly Row[] {
  let rows: readonly Row[] = events.map(flatten);
  let shown: readonly string[] | undefined;
  for (const command of commands) {
    const [, verb = '', rest = ''] = /^(\w+) (.*)$/s.exec(command) ?? [];
    if (verb === 'filter') rows = rows.filter((row) => holds(rest, row));
    else if (verb === 'fields') shown = listOf(rest);
    else if (verb === 'parse') rows = rows.map((row) => parsed(rest, row));
    else if (verb === 'stats') [rows, shown] = [grouped(rest, rows), undefined];
    else if (verb === 'sort') rows = sorted(rest, rows);
    else if (verb === 'limit') rows = rows.slice(0, Number(rest));
    else throw new Error(`"${command}" begins with a command that is not known here.`);
  }
  const names = shown ?? [];
  return shown === undefined ? rows : rows.map((row) => pick(row, names));
}

/** Every field of an event that a query names. */
export function fieldsOf(commands: readonly string[]): readonly string[] {
  const made = new Set<string>();
  const named = commands.flatMap((command) => {
    for (const [, alias = ''] of command.matchAll(/ as (\w+)/g)) made.add(alias);
    const bare = command
      .replace(/^\w+ /, '')
      .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
      .replaceAll(/\/(?:[^/\\]|\\.)*\//g, '')
      .replaceAll(/ as \w+/g, '')
      .replaceAll(/\b(?:and|or|not|like|in|by|asc|desc|bin|count|sum|avg|pct)\b|\b\d\w*/g, '');
    return [...bare.matchAll(/[@a-z][\w.]*/gi)].map(([field]) => field);
  });
  return [...new Set(named)].filter((field) => !made.has(field) && field !== '@timestamp');
}

function flatten(event: LogEvent): Row {
  const entries = Object.entries(event).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(flatten({ ...value })).map(([inner, leaf]) => [`${name}.${inner}`, leaf])
      : [[name, value]],
  );
  return Object.fromEntries(entries);
}

function holds(condition: string, row: Row): boolean {
  return condition.split(/ and (?!\d)/).every((part) => holdsOne(part, row));
}

function holdsOne(part: string, row: Row): boolean {
  const like = /^(\S+) (not )?like \/(.*)\/$/.exec(part);
  if (like !== null) {
    const [, field = '', negated, pattern = ''] = like;
    return new RegExp(pattern).test(textOf(row[field])) !== (negated !== undefined);
  }
  const among = /^(\S+) in \[(.*)\]$/.exec(part);
  if (among !== null) {
    const [, field = '', list = ''] = among;
    return listOf(list)
      .map(valueOf)
      .includes(row[field] as string | number);
  }
  const [, field = '', operator = '', text = ''] = /^(\S+) (=|!=|>=|<=|>|<) (.*)$/.exec(part) ?? [];
  const [left, right] = [row[field], valueOf(text)];
  if (left === undefined) return false;
  switch (operator) {
    case '=':
      return left === right;
    case '>=':
      return Number(left) >= Number(right);
    case '<':
      return Number(left) < Number(right);
    default:
      throw new Error(`"${part}" is a condition that is not known here.`);
  }
}

function parsed(rest: string, row: Row): Row {
  const [, field = '', glob = '', alias = ''] = /^(\S+) "(.*)" as (\w+)$/.exec(rest) ?? [];
  const pattern = glob
    .split('*')
    .map((part) => part.replaceAll(/[.\\+?()[\]{}|^$]/g, '\\$&'))
    .join('(.*?)');
  const found = new RegExp(pattern).exec(textOf(row[field]))?.[1];
  return found === undefined ? row : { ...row, [alias]: found };
}

function grouped(rest: string, rows: readonly Row[]): readonly Row[] {
  const [measures = '', keys = ''] = rest.split(/ by (?=[^)]*$|bin)/);
  const names = listOf(keys);
  const groups = Map.groupBy(rows, (row) => JSON.stringify(names.map((name) => keyOf(name, row))));
  return [...groups.values()].map((members) => ({
    ...Object.fromEntries(names.map((name) => [name, members[0] && keyOf(name, members[0])])),
    ...Object.fromEntries(listOf(measures).map((measure) => measured(measure, members))),
  }));
}

function keyOf(name: string, row: Row): unknown {
  if (name !== 'bin(5m)') return row[name];
  const at = Date.parse(String(row['@timestamp']));
  return new Date(at - (at % fiveMinutesMs)).toISOString();
}

function measured(measure: string, rows: readonly Row[]): [string, unknown] {
  const [, how = '', what = '', share = '', alias = ''] =
    /^(\w+)\(([^,)]*)(?:, (\d+))?\) as (\w+)$/.exec(measure) ?? [];
  const numbers = rows.map((row) => Number(row[what])).sort((a, b) => a - b);
  const sum = numbers.reduce((total, one) => total + one, 0);
  switch (how) {
    case 'count':
      return [alias, rows.length];
    case 'sum':
      return [alias, sum];
    case 'avg':
      return [alias, sum / numbers.length];
    case 'pct':
      return [alias, numbers[Math.max(0, Math.ceil((Number(share) / 100) * numbers.length) - 1)]];
    default:
      throw new Error(`"${measure}" measures in a way that is not known here.`);
  }
}

function sorted(rest: string, rows: readonly Row[]): readonly Row[] {
  const [field = '', order = 'asc'] = rest.split(' ');
  const sign = order === 'desc' ? -1 : 1;
  const compare = (a: unknown, b: unknown): number => {
    const [left, right] = [Number(a), Number(b)];
    if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
    return String(a) < String(b) ? -1 : 1;
  };
  return [...rows].sort((a, b) => sign * compare(a[field], b[field]));
}

function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]));
}

/** Splits at commas outside parentheses. */
function listOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/, (?![^(]*\))/);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

function valueOf(text: string): string | number {
  const [, quoted] = /^"(.*)"$/.exec(text) ?? [];
  return quoted ?? Number(text);
}
