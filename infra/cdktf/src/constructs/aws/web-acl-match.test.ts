import { describe, expect, it } from '@jest/globals';
import {
  allOf,
  anyOf,
  capacityOf,
  hasLabel,
  labelsOf,
  methodIs,
  not,
  pathMatches,
  toStatement,
} from './web-acl-match.ts';

const upload = allOf(methodIs('PUT'), pathMatches('^/files/.+$'));

describe('toStatement', () => {
  it('writes what Terraform reads', () => {
    expect(toStatement(allOf(hasLabel('a:b'), not(upload)))).toEqual({
      and_statement: {
        statement: [
          { label_match_statement: { scope: 'LABEL', key: 'a:b' } },
          {
            not_statement: {
              statement: [
                {
                  and_statement: {
                    statement: [
                      {
                        byte_match_statement: {
                          field_to_match: { method: {} },
                          positional_constraint: 'EXACTLY',
                          search_string: 'PUT',
                          text_transformation: [{ priority: 0, type: 'NONE' }],
                        },
                      },
                      {
                        regex_match_statement: {
                          field_to_match: { uri_path: {} },
                          regex_string: '^/files/.+$',
                          text_transformation: [{ priority: 0, type: 'NONE' }],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('joins nothing where there is one alone, which AWS would refuse', () => {
    expect(anyOf(upload)).toBe(upload);
    expect(allOf(upload)).toBe(upload);
  });
});

describe('a match', () => {
  it('costs what its parts cost', () => {
    expect(capacityOf(upload)).toBe(6);
    expect(capacityOf(not(anyOf(hasLabel('a'), hasLabel('b'))))).toBe(4);
  });

  it('tells the labels it asks for', () => {
    expect(labelsOf(allOf(hasLabel('a'), not(anyOf(hasLabel('b'), upload))))).toEqual(['a', 'b']);
  });

  it('is refused when AWS would refuse it', () => {
    expect(() => methodIs('put')).toThrow('written in capitals');
    expect(() => pathMatches('a'.repeat(513))).toThrow('has 513 characters; 512 are allowed');
    expect(() => anyOf()).toThrow('looks for nothing');
  });
});
