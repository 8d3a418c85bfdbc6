import { readTracingOptions, startTracing } from '@stowage/observability';

// Loaded before main by `node --import`: what it instruments must not have been loaded yet.
await startTracing(readTracingOptions(process.env, { serviceName: 'stowage-api' }));
