import { describe, expect, it } from '@jest/globals';
import { readTracingOptions } from './tracing-options.ts';

const defaults = { serviceName: 'api' };

describe('readTracingOptions', () => {
  it('is off when nothing is set', () => {
    expect(readTracingOptions({}, defaults).endpoint).toBeUndefined();
    expect(readTracingOptions({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, defaults).endpoint).toBeUndefined();
  });

  it('reads the standard variables', () => {
    const options = readTracingOptions(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
        OTEL_SERVICE_NAME: 'worker',
        OTEL_TRACES_SAMPLER_ARG: '0.5',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging, team=a%20b',
      },
      defaults,
    );
    expect(options).toEqual({
      serviceName: 'worker',
      endpoint: 'http://collector:4318',
      ratio: 0.5,
      attributes: { 'deployment.environment.name': 'staging', team: 'a b' },
    });
  });

  it('is off when disabled, endpoint or not', () => {
    const env = { OTEL_SDK_DISABLED: 'TRUE', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect(readTracingOptions(env, { ...defaults, endpoint: 'http://x' }).endpoint).toBeUndefined();
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://collector'],
    ['OTEL_TRACES_SAMPLER_ARG', 'many'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1'],
    ['OTEL_TRACES_SAMPLER_ARG', '-1'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'novalue'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => readTracingOptions({ [name]: value }, defaults)).toThrow(name);
  });
});
