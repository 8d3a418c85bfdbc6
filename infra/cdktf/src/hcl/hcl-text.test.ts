import { describe, expect, it } from '@jest/globals';
import { hclKey, hclText, hclValue } from './hcl-text.ts';

describe('hclText', () => {
  it.each([
    ['plain', '"plain"'],
    ['a "quoted" word\nand a line', String.raw`"a \"quoted\" word\nand a line"`],
    ['${aws_vpc.main.id}', 'aws_vpc.main.id'],
    ['${a.b}-${c.d}', '"${a.b}-${c.d}"'],
    ['{"Resource":"${aws_s3_bucket.b.arn}/*"}', String.raw`"{\"Resource\":\"${'${aws_s3_bucket.b.arn}'}/*\"}"`],
    ['${jsonencode({"a" = {"b" = 1}})}', 'jsonencode({"a" = {"b" = 1}})'],
    ['$${aws:username}', '"$${aws:username}"'],
    ['', '""'],
  ])('writes %j', (template, hcl) => {
    expect(hclText(template)).toBe(hcl);
  });

  it('refuses an expression without an end', () => {
    expect(() => hclText('${aws_vpc.main')).toThrow('An expression does not end: ${aws_vpc.main');
  });
});

describe('hclValue', () => {
  it('writes lists and maps', () => {
    expect(hclValue([1, true, 'x'])).toBe('[1, true, "x"]');
    expect(hclValue({ Name: 'x', 'kubernetes.io/role/elb': '1' })).toBe(
      '{\nName = "x"\n"kubernetes.io/role/elb" = "1"\n}',
    );
    expect(hclValue({})).toBe('{}');
  });
});

describe('hclKey', () => {
  it('quotes what is no identifier', () => {
    expect(hclKey('vpc_id')).toBe('vpc_id');
    expect(hclKey('s3:prefix')).toBe('"s3:prefix"');
  });
});
