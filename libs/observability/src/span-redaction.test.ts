import { expect, it } from '@jest/globals';
import { withholdSpanData } from './span-redaction.ts';

it('takes paths, queries and messages out of a span and leaves the rest', () => {
  const span = {
    attributes: {
      'http.route': '/l/:token',
      'url.path': '/l/hunter2',
      'url.query': 'q=hunter2',
      'http.target': '/l/hunter2',
      'url.full': 'https://s3.example/bucket/hunter2?X-Amz-Signature=hunter2',
      'http.url': 'not a url hunter2',
      'db.query.text': 'SELECT 1 WHERE id = $1',
    },
    events: [
      {
        attributes: {
          'exception.type': 'Error',
          'exception.message': 'invalid input syntax: "hunter2"',
          'exception.stacktrace': 'hunter2',
        },
      },
      {},
    ],
    status: { code: 2, message: 'hunter2' },
  };
  withholdSpanData(span);
  expect(span).toEqual({
    attributes: {
      'http.route': '/l/:token',
      'url.full': 'https://s3.example',
      'http.url': '',
      'db.query.text': 'SELECT 1 WHERE id = $1',
    },
    events: [{ attributes: { 'exception.type': 'Error' } }, {}],
    status: { code: 2 },
  });
});
