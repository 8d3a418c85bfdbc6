import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { databaseConnection, databaseSettings, readerConnection, type DatabaseSettings } from './database-settings.ts';

function read(env: Readonly<Record<string, string>>): DatabaseSettings {
  return z.object(databaseSettings({ database: 'shop', user: 'shop_web' })).parse(env);
}

describe('databaseConnection', () => {
  it('takes the URL', () => {
    const url = 'postgres://user:secret@db/shop';
    expect(databaseConnection(read({ DATABASE_URL: url, DATABASE_HOST: 'ignored' }))).toEqual({ url });
  });

  it('takes a host with IAM authentication and TLS, under the names of the app', () => {
    expect(databaseConnection(read({ DATABASE_HOST: 'db.example' }))).toEqual({
      ...{ host: 'db.example', port: 5432, database: 'shop', user: 'shop_web', tls: true },
      password: expect.any(Function),
    });
    const named = { DATABASE_HOST: 'db.example', DATABASE_PORT: '6000', DATABASE_NAME: 'x', DATABASE_USER: 'y' };
    expect(databaseConnection(read(named))).toMatchObject({ port: 6000, database: 'x', user: 'y' });
  });

  it('refuses settings that name neither', () => {
    expect(() => databaseConnection(read({}))).toThrow(TypeError);
  });
});

describe('readerConnection', () => {
  it('takes the URL, or a host with the authentication of the primary, or there is none', () => {
    const url = 'postgres://user:secret@replica/shop';
    expect(readerConnection(read({ DATABASE_READER_URL: url }))).toEqual({ url });
    expect(readerConnection(read({ DATABASE_READER_HOST: 'replica.example', DATABASE_PORT: '6000' }))).toEqual({
      ...{ host: 'replica.example', port: 6000, database: 'shop', user: 'shop_web', tls: true },
      password: expect.any(Function),
    });
    expect(readerConnection(read({ DATABASE_HOST: 'db.example' }))).toBeUndefined();
  });
});

describe('databaseSettings', () => {
  it.each([
    ['DATABASE_URL', 'mysql://db/shop'],
    ['DATABASE_URL', 'postgres://db'],
    ['DATABASE_URL', 'postgres://me:100%@db/shop'],
    ['DATABASE_READER_URL', 'postgres://me@db/shop?sslmode=maybe'],
    ['DATABASE_PORT', '65536'],
    ['DATABASE_POOL_MAX', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(z.ZodError);
  });
});
