export { FaultyTcpProxy } from './faulty-tcp-proxy.ts';
export type { FaultMode, FaultyTcpProxyTarget } from './faulty-tcp-proxy.ts';
export { untilLockIsWaitedFor } from './lock-waiting.ts';
export { patience } from './patience.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase, TestDatabaseOptions } from './test-database.ts';
