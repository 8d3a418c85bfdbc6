import { describe, expect, it } from '@jest/globals';
import { findDebianSource, parseDeb822Sources, parseOneLineSources, renderSource } from './apt-sources.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

describe('deb822 sources', () => {
  it('reads stanzas, comments and continued lines', () => {
    const text = [
      'Types: deb deb-src',
      '# an old address',
      'URIs: http://mirror.example/debian',
      'Suites: bookworm',
      ' bookworm-updates',
      'Components: main contrib',
      `Signed-By: ${KEYRING}`,
      '',
      'Types: deb',
      'URIs: http://mirror.example/debian-security',
      'Suites: bookworm-security',
      'Components: main',
    ].join('\n');
    expect(parseDeb822Sources(text)).toEqual([
      {
        uri: 'http://mirror.example/debian',
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main', 'contrib'],
        signedBy: KEYRING,
      },
      {
        uri: 'http://mirror.example/debian-security',
        suites: ['bookworm-security'],
        components: ['main'],
        signedBy: undefined,
      },
    ]);
  });

  it('passes over what is switched off and what has sources only', () => {
    const off = 'Types: deb\nURIs: http://a.example\nSuites: trixie\nComponents: main\nEnabled: no\n';
    const sources = 'Types: deb-src\nURIs: http://b.example\nSuites: trixie\nComponents: main\n';
    expect(parseDeb822Sources(`${off}\n${sources}`)).toEqual([]);
  });

  it('takes a key that is written out for no path', () => {
    const text =
      'Types: deb\nURIs: http://a.example\nSuites: s\nComponents: main\nSigned-By:\n -----BEGIN PGP\n .\n abc\n';
    expect(parseDeb822Sources(text)[0]?.signedBy).toBeUndefined();
  });
});

describe('one-line sources', () => {
  it('reads options, comments and components', () => {
    const text = `# deb http://old.example s main\ndeb [arch=amd64 signed-by=${KEYRING}] http://a.example trixie main contrib # mine\ndeb http://b.example stable main\ndeb-src http://c.example s main\n`;
    expect(parseOneLineSources(text)).toEqual([
      { uri: 'http://a.example', suites: ['trixie'], components: ['main', 'contrib'], signedBy: KEYRING },
      { uri: 'http://b.example', suites: ['stable'], components: ['main'], signedBy: undefined },
    ]);
  });
});

describe('the source of Debian', () => {
  const vendor = { uri: 'http://vendor.example', suites: ['nodistro'], components: ['main'] };
  const security = { uri: 'http://security.example', suites: ['bookworm-security'], components: ['main'] };
  const debian = { uri: 'http://debian.example', suites: ['bookworm', 'bookworm-updates'], components: ['main'] };

  it('is the one of the release, not of its updates or of others', () => {
    expect(findDebianSource([vendor, security, debian], 'bookworm')).toBe(debian);
    expect(findDebianSource([vendor, security], 'bookworm')).toBeUndefined();
  });

  it('can be written down for another release', () => {
    const source = { ...debian, suites: ['trixie'], signedBy: KEYRING };
    expect(parseDeb822Sources(renderSource(source))).toEqual([source]);
  });
});
