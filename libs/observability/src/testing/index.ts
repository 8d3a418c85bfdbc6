export { BlackHole } from './black-hole.ts';
export { BrokenGateway } from './broken-gateway.ts';
export type { Misbehaviour } from './broken-gateway.ts';
export { captureLogs } from './captured-logs.ts';
export type { CapturedLine, CapturedLogs } from './captured-logs.ts';
export { PrometheusProcess } from './prometheus-process.ts';
export type { PrometheusProcessOptions, Sample } from './prometheus-process.ts';
export { PushgatewayProcess } from './pushgateway-process.ts';
export type { PushedGroup, PushgatewayProcessOptions } from './pushgateway-process.ts';
