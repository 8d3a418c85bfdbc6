import type { Client } from 'pg';

const FAREWELL_MS = 1_000;

/** Ends the session and with it its locks: waits until the server has closed the connection, for a second at most. */
export async function endClient(client: Client): Promise<void> {
  const cut = setTimeout(() => client.connection.stream.destroy(), FAREWELL_MS);
  await client.end();
  clearTimeout(cut);
}
