/** One part of a `multipart/byteranges` body. */
export interface BodyPart {
  readonly contentType: string;
  readonly contentRange: string;
  readonly content: Buffer;
}

/** Takes a `multipart/byteranges` body apart, strictly as RFC 2046 §5.1.1 has it. */
export function parseByteRanges(contentType: string, body: Buffer): readonly BodyPart[] {
  const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(contentType)?.[1];
  if (boundary === undefined) throw new TypeError(`No boundary in ${contentType}`);
  const text = body.toString('latin1');
  const [preamble, ...parts] = text.split(`\r\n--${boundary}`);
  if (preamble !== '' || parts.pop() !== '--\r\n')
    throw new TypeError('The body does not begin or end with its boundary.');
  return parts.map((part) => {
    const [, type = '', range = '', content = ''] =
      /^\r\nContent-Type: ([^\r]+)\r\nContent-Range: ([^\r]+)\r\n\r\n([^]*)$/.exec(part) ?? [];
    return { contentType: type, contentRange: range, content: Buffer.from(content, 'latin1') };
  });
}
