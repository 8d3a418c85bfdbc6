import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { renderConfigurationDocs } from './configuration-docs.ts';

function rowOf(field: z.ZodType): string | undefined {
  const settings = z.object({ SETTING: field });
  return renderConfigurationDocs([{ app: 'The app', path: 'app.ts', settings, requiredInProduction: 'nothing' }])
    .split('\n')
    .find((line) => line.includes('SETTING'));
}

describe('renderConfigurationDocs', () => {
  it('tells the bounds and the default of a number', () => {
    const field = z.coerce.number().int().min(1).max(200).default(10).describe('Most connections.');
    expect(rowOf(field)).toBe('| `SETTING` | whole number ≥ 1 ≤ 200 | `10` | Most connections. |');
  });

  it('tells the choices', () => {
    expect(rowOf(z.enum(['a', 'b']).default('a').describe('Which.'))).toBe('| `SETTING` | `a`, `b` | `a` | Which. |');
  });

  it('keeps a bar in a description from ending the cell', () => {
    expect(rowOf(z.string().optional().describe('a|b'))).toBe('| `SETTING` | text |  | a\\|b |');
  });

  it('refuses a variable without a description', () => {
    expect(() => rowOf(z.string())).toThrow(z.ZodError);
  });
});
