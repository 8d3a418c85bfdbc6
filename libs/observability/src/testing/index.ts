export { captureLogs } from './captured-logs.ts';
export type { CapturedLine, CapturedLogs } from './captured-logs.ts';
