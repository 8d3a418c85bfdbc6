/** The start of one answer: what the load has to know of it. */
export interface ResponseHead {
  readonly status: number;
  /** From Content-Length. */
  readonly contentBytes: number;
  /** The server will close the connection. */
  readonly closes: boolean;
}

export interface ResponseListener {
  onHead(head: ResponseHead): void;
  /** Bytes of the content, in order. */
  onContent(chunk: Buffer): void;
  onEnd(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** The answers of one HTTP/1.1 connection (RFC 9112), one at a time. Answers without a Content-Length are refused. */
export class ResponseReader {
  readonly #listener: ResponseListener;
  #head: Buffer = Buffer.alloc(0);
  #bytesLeft: number | undefined;
  #hasContent = true;

  constructor(listener: ResponseListener) {
    this.#listener = listener;
  }

  /** To be called before each request. @param hasContent false for HEAD, whose Content-Length is not followed by content */
  expect(hasContent: boolean): void {
    this.#hasContent = hasContent;
  }

  /** @throws when the bytes are no answer, or more than one */
  read(chunk: Buffer): void {
    if (this.#bytesLeft !== undefined) return this.#readContent(chunk);
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = bytes.indexOf(HEAD_END);
    if (end === -1) {
      this.#head = bytes;
      return;
    }
    this.#head = Buffer.alloc(0);
    const head = parseHead(bytes.toString('latin1', 0, end));
    this.#bytesLeft = this.#hasContent ? head.contentBytes : 0;
    this.#listener.onHead(head);
    this.#readContent(bytes.subarray(end + HEAD_END.length));
  }

  #readContent(chunk: Buffer): void {
    const bytesLeft = (this.#bytesLeft ?? 0) - chunk.length;
    if (bytesLeft < 0) throw new Error('The server sent more than it announced');
    if (chunk.length > 0) this.#listener.onContent(chunk);
    this.#bytesLeft = bytesLeft === 0 ? undefined : bytesLeft;
    if (bytesLeft === 0) this.#listener.onEnd();
  }
}

function parseHead(text: string): ResponseHead {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (status === undefined) throw new Error(`This is no HTTP answer: ${text.slice(0, 80)}`);
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (length === undefined && status !== '204') throw new Error(`An answer ${status} without Content-Length`);
  return { status: Number(status), contentBytes: Number(length ?? 0), closes: /\r\nconnection: close/i.test(text) };
}
