import { describe, expect, it } from '@jest/globals';
import { ResponseReader } from './response-reader.ts';

function givenReader() {
  const answers: { status: number; closes: boolean; content: string }[] = [];
  const reader = new ResponseReader({
    onHead: ({ status, closes }) => answers.push({ status, closes, content: '' }),
    onContent: (chunk) => {
      const last = answers.at(-1);
      if (last !== undefined) last.content += chunk.toString();
    },
    onEnd: () => (ended += 1),
  });
  let ended = 0;
  return { reader, answers, ended: () => ended };
}

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello';

describe('ResponseReader', () => {
  it.each([1, 2, 7, 1_000])('reads answers that come in pieces of %i bytes', (size) => {
    const { reader, answers, ended } = givenReader();
    const bytes = Buffer.from(answer);
    for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
    reader.read(bytes);
    expect(answers).toEqual([
      { status: 200, closes: false, content: 'hello' },
      { status: 200, closes: false, content: 'hello' },
    ]);
    expect(ended()).toBe(2);
  });

  it('takes an answer to HEAD as complete without the content that it announces', () => {
    const { reader, ended } = givenReader();
    reader.expect(false);
    reader.read(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'));
    expect(ended()).toBe(1);
  });

  it('tells that the server closes', () => {
    const { reader, answers } = givenReader();
    reader.read(Buffer.from('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'));
    expect(answers).toEqual([{ status: 204, closes: true, content: '' }]);
  });

  it.each(['nonsense\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n', `${answer}more`])('refuses %j', (bytes) => {
    const { reader } = givenReader();
    expect(() => reader.read(Buffer.from(bytes))).toThrow();
  });
});
