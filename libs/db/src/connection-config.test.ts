import { describe, expect, it } from '@jest/globals';
import { toClientConfig } from './connection-config.ts';

describe('toClientConfig', () => {
  it('reads a URL', () => {
    expect(toClientConfig({ url: 'postgres://us%40er:p%2Fw@db.example:5433/my%20db?sslmode=require' })).toEqual({
      host: 'db.example',
      port: 5433,
      user: 'us@er',
      password: 'p/w',
      database: 'my db',
      ssl: {},
    });
  });

  it('leaves nothing to the PG* variables of the environment', () => {
    expect(toClientConfig({ url: 'postgresql://me@[::1]/db' })).toEqual({
      host: '::1',
      port: 5432,
      user: 'me',
      password: '',
      database: 'db',
      ssl: false,
    });
  });

  it.each([
    ['disable', false],
    ['no-verify', { rejectUnauthorized: false }],
    ['verify-full', {}],
  ])('sslmode %s', (mode, ssl) => {
    expect(toClientConfig({ url: `postgres://me@db/x?sslmode=${mode}` }).ssl).toEqual(ssl);
  });

  it('lets tls win over sslmode', () => {
    const url = 'postgres://me@db/x?sslmode=no-verify';

    expect(toClientConfig({ url, tls: { ca: 'PEM' } }).ssl).toEqual({ ca: 'PEM' });
    expect(toClientConfig({ url, tls: false }).ssl).toBe(false);
  });

  it('hands a password function on', () => {
    const password = async (): Promise<string> => 'token';
    const connection = { host: 'db', database: 'x', user: 'me', password, tls: true };

    expect(toClientConfig(connection)).toEqual({
      host: 'db',
      port: 5432,
      database: 'x',
      user: 'me',
      password,
      ssl: {},
    });
  });

  it.each([
    'nonsense-secret',
    'mysql://me:secret@db/x',
    'postgres://db/secret',
    'postgres://me:secret@db',
    'postgres://me:secret@db/x?sslmode=maybe',
    'postgres://me:secret@db/x?options=-c',
    'postgres://me:100%secret@db/x',
  ])('refuses %s without repeating it', (url) => {
    expect(() => toClientConfig({ url })).toThrow(TypeError);
    expect(() => toClientConfig({ url })).not.toThrow('secret');
  });
});
