export { findFreePort } from './ports.ts';
export { ServiceFailedError, ServiceProcess } from './service-process.ts';
export type { ServiceCommand } from './service-process.ts';
