/** Where a machine gets its Debian packages from. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of the keyring; undefined means the keys that apt trusts for all sources. */
  readonly signedBy?: string | undefined;
}

/** Reads a file in the deb822 format of sources.list(5), as in `*.sources`. */
export function parseDeb822Sources(text: string): AptSource[] {
  return text
    .replace(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .map(parseFields)
    .filter((fields) => words(fields.get('types')).includes('deb') && fields.get('enabled')?.toLowerCase() !== 'no')
    .flatMap((fields) =>
      words(fields.get('uris')).map((uri) => ({
        uri,
        suites: words(fields.get('suites')),
        components: words(fields.get('components')),
        signedBy: keyringPath(fields.get('signed-by')),
      })),
    );
}

/** Reads a file in the one-line format of sources.list(5), as in `sources.list` and `*.list`. */
export function parseOneLineSources(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.replace(/#.*/, '').trim());
    if (match === null) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1];
    return [{ uri, suites: [suite], components: words(components), signedBy: keyringPath(signedBy) }];
  });
}

/** The machine's source of Debian itself, not of its updates or of another vendor's packages. */
export function findDebianSource(sources: readonly AptSource[], codename: string): AptSource | undefined {
  const releases = new Set([codename, 'stable', 'oldstable', 'testing']);
  return sources.find(
    ({ suites, components }) => components.includes('main') && suites.some((suite) => releases.has(suite)),
  );
}

/** Renders a source in the deb822 format. */
export function renderSource({ uri, suites, components, signedBy }: AptSource): string {
  const lines = [`Types: deb`, `URIs: ${uri}`, `Suites: ${suites.join(' ')}`, `Components: ${components.join(' ')}`];
  if (signedBy !== undefined) lines.push(`Signed-By: ${signedBy}`);
  return `${lines.join('\n')}\n`;
}

function parseFields(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let name = '';
  for (const line of stanza.split('\n')) {
    const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
    if (match) name = (match[1] ?? '').toLowerCase();
    // A line that starts with a blank continues the field before it.
    fields.set(name, `${fields.get(name) ?? ''} ${match ? (match[2] ?? '') : line}`.trim());
  }
  return fields;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

// Signed-By may hold a whole key or a fingerprint instead of a path; then apt's own keys have to do.
function keyringPath(signedBy: string | undefined): string | undefined {
  return signedBy?.startsWith('/') === true ? words(signedBy)[0] : undefined;
}
