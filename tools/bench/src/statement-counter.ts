import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a process asked its database since the last `take`. */
export interface AskedStatements {
  /** How often each prepared statement was run, by its name. */
  readonly byName: ReadonlyMap<string, number>;
  /** Texts of those that had no name. */
  readonly unnamed: readonly string[];
}

/** A relay in front of PostgreSQL that counts the statements going through it. */
export interface StatementCounter extends AsyncDisposable {
  /** The URL of the database by way of the relay. */
  readonly url: string;
  /** What was asked since the last call. */
  take(): AskedStatements;
}

/** Messages of the frontend, see "Message Formats" in the manual of PostgreSQL; a length counts itself but not the type. */
const TYPE_BYTES = 1;
const LENGTH_BYTES = 4;

export async function startStatementCounter(databaseUrl: string): Promise<StatementCounter> {
  const target = new URL(databaseUrl);
  let byName = new Map<string, number>();
  let unnamed: string[] = [];
  const count = (type: string, body: Buffer): void => {
    const [first = '', second = ''] = body.toString().split('\0', 2);
    if (type === 'B') byName.set(second, (byName.get(second) ?? 0) + 1);
    if (type === 'Q' || (type === 'P' && first === '')) unnamed.push(type === 'Q' ? first : second);
  };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', readMessages(count));
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    take: () => {
      const asked = { byName, unnamed };
      byName = new Map();
      unnamed = [];
      return asked;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The first message, which opens the session, has no type. */
function readMessages(onMessage: (type: string, body: Buffer) => void): (chunk: Buffer) => void {
  let bytes = Buffer.alloc(0);
  let typeBytes = 0;
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= typeBytes + LENGTH_BYTES) {
      const end = typeBytes + bytes.readUInt32BE(typeBytes);
      if (bytes.length < end) return;
      if (typeBytes > 0)
        onMessage(bytes.toString('latin1', 0, TYPE_BYTES), bytes.subarray(typeBytes + LENGTH_BYTES, end));
      bytes = bytes.subarray(end);
      typeBytes = TYPE_BYTES;
    }
  };
}
