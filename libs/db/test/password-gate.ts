import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Gate } from './gate.ts';

/**
 * In front of a server that trusts everybody: asks for a clear-text password first, as RDS does for an IAM
 * token, and lets those pass who know one (PostgreSQL manual, 54.2.1 and 54.7).
 */
export class PasswordGate extends Gate {
  readonly #accepts: (password: string) => boolean;

  private constructor(url: string, accepts: (password: string) => boolean) {
    super(url);
    this.#accepts = accepts;
  }

  static inFrontOf(url: string, accepts: (password: string) => boolean): Promise<PasswordGate> {
    return new PasswordGate(url, accepts).listen();
  }

  protected async admit(client: Socket): Promise<void> {
    const [startup] = (await once(client, 'data')) as [Buffer];
    client.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])); // AuthenticationCleartextPassword
    const [message] = (await once(client, 'data')) as [Buffer];
    const password = message.subarray(5, -1).toString(); // 'p', length, text, NUL
    if (!this.#accepts(password)) {
      client.end(errorResponse('FATAL', '28P01', 'password authentication failed'));
      return;
    }
    const target = this.connectFor(client);
    target.write(startup);
    client.pipe(target).pipe(client);
  }
}

function errorResponse(severity: string, code: string, message: string): Buffer {
  const body = Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
