import { databaseConnection, migrate } from '@stowage/db';
import {
  createLogger,
  createOperationsServer,
  drain,
  installCrashHandlers,
  onShutdownSignal,
  stopTracing,
  type RootLogger,
} from '@stowage/observability';
import { composeApi, type ComposeOptions } from './compose.ts';
import { drainMs, readApiConfig, type ApiSettings } from './config/api-config.ts';
import { createPublicServer, listenAll } from './http-server.ts';

export interface RunApiOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly migrationsDirectory: string;
  readonly wrap?: ComposeOptions['wrap'];
}

/** The whole life of the process: settings, services, listening, a signal, draining, closing. */
export async function runApi({ env, migrationsDirectory, wrap }: RunApiOptions): Promise<void> {
  const settings = readApiConfig(env);
  const log = createLogger({ service: 'stowage-api', level: settings.LOG_LEVEL });
  installCrashHandlers(log);
  if (settings.MIGRATE_ON_START ?? settings.NODE_ENV !== 'production')
    await migrateFirst(settings, log, migrationsDirectory);
  await using api = await composeApi({ settings, log, migrationsDirectory, ...(wrap && { wrap }) });
  const server = createPublicServer(api.app, api.serverOptions);
  const operations = createOperationsServer({ registry: api.registry, health: api.health, logger: log });
  const signalled = onShutdownSignal();
  try {
    const [operationsPort, port] = await listenAll(settings.HOST, [
      { server: operations, port: settings.OPERATIONS_PORT, variable: 'OPERATIONS_PORT' },
      { server, port: settings.PORT, variable: 'PORT' },
    ]);
    log.info({ port, operationsPort }, 'listening');
    const signal = await signalled;
    const limits = { drainMs: drainMs(settings), hardMs: settings.SHUTDOWN_MS };
    log.info({ signal, ...limits }, 'draining');
    const { outcome } = await drain(server, { health: api.health, ...limits });
    log.info({ outcome }, 'stopped');
  } finally {
    server.close();
    operations.close();
    operations.closeAllConnections();
    await stopTracing();
    log.flush();
  }
}

async function migrateFirst(settings: ApiSettings, log: RootLogger, directory: string): Promise<void> {
  const applied = await migrate({ connection: databaseConnection(settings), directory });
  if (applied.length > 0) log.info({ applied }, 'database migrated');
}
