export { findFreePort } from './ports.ts';
export { ServiceFailedError } from './service-failed-error.ts';
export { ServiceProcess } from './service-process.ts';
export type { ServiceCommand } from './service-process.ts';
