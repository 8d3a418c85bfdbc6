import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApi, type ApiProcess } from './api-process.ts';
import { BenchAccount } from './bench-account.ts';
import type { BenchOptions } from './bench-options.ts';
import { startHttpFloor, startQueryFloor, type HttpFloor, type QueryFloor } from './floor-processes.ts';
import { after, runLoad, type LoadRequest } from './load-client.ts';
import { startLocalServices, type LocalServices } from './local-services.ts';
import type { Side } from './pair.ts';
import type { Row } from './row.ts';

/** What every load has at hand. */
export interface Bench extends AsyncDisposable {
  readonly options: BenchOptions;
  readonly services: LocalServices;
  readonly api: ApiProcess;
  readonly account: BenchAccount;
  /** Bucket for small numbers of real objects. */
  readonly bucket: string;
  readonly httpFloor: HttpFloor;
  readonly queryFloor: QueryFloor;
  /** What the floor streams, to be stored as an object as well. */
  readonly fileContent: Buffer;
  /** The variables of another API process on the same stores. */
  readonly environment: Readonly<Record<string, string>>;
  readonly report: (line: string) => void;
}

export type Load = (bench: Bench) => Promise<readonly Row[]>;

const FILE_BYTES = 8 * 1024 ** 2;

export async function openBench(options: BenchOptions, report: (line: string) => void): Promise<Bench> {
  await using opened = new AsyncDisposableStack();
  const services = opened.use(await startLocalServices(options.directory));
  const environment = {
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    BLOB_DIRECTORY: services.blobDirectory,
  };
  const api = opened.use(await startApi(environment));
  const account = await BenchAccount.signUp(api.port);
  const bucket = 'bench';
  await account.createBucket(bucket);
  const fileContent = Buffer.alloc(FILE_BYTES, 'stowage ');
  const floorDirectory = join(options.directory, 'floor');
  mkdirSync(floorDirectory, { recursive: true });
  const file = join(floorDirectory, 'file');
  writeFileSync(file, fileContent);
  const httpFloor = opened.use(await startHttpFloor([file, floorDirectory, services.databaseUrl]));
  const queryFloor = opened.use(await startQueryFloor(services.databaseUrl));
  const resources = opened.move();
  return {
    ...{ options, services, environment, api, account, bucket, httpFloor, queryFloor, fileContent, report },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** A process that answers HTTP, loaded with requests. */
export function httpSide({ pid, port }: { pid: number; port: number }, next: () => LoadRequest): Side {
  return { pid, run: (connections, durationMs) => runLoad({ port, connections, isOver: after(durationMs), next }) };
}
