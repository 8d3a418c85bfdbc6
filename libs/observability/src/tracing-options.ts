import type { TracingOptions } from './tracing.ts';

/**
 * Tracing options from the standard variables (OpenTelemetry, "Environment Variable Specification"):
 * `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER_ARG`, `OTEL_RESOURCE_ATTRIBUTES` and
 * `OTEL_SDK_DISABLED`.
 *
 * @throws Error that names the variable which is malformed
 */
export function readTracingOptions(
  env: Readonly<Record<string, string | undefined>>,
  defaults: TracingOptions,
): TracingOptions {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return { ...defaults, endpoint: undefined };
  const endpoint = nonEmpty(env.OTEL_EXPORTER_OTLP_ENDPOINT);
  if (endpoint !== undefined && !/^https?:$/.test(protocolOf(endpoint))) {
    throw new Error('OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https URL');
  }
  const ratio = nonEmpty(env.OTEL_TRACES_SAMPLER_ARG);
  if (ratio !== undefined && !(Number(ratio) >= 0 && Number(ratio) <= 1)) {
    throw new Error('OTEL_TRACES_SAMPLER_ARG is not a number from 0 to 1');
  }
  const attributes = { ...defaults.attributes, ...readAttributes(env.OTEL_RESOURCE_ATTRIBUTES) };
  return {
    ...defaults,
    serviceName: nonEmpty(env.OTEL_SERVICE_NAME) ?? defaults.serviceName,
    attributes,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(ratio === undefined ? {} : { ratio: Number(ratio) }),
  };
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}

/** `name=value` pairs with commas between them, percent-encoded. */
function readAttributes(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, value] = pair.split('=', 2);
      try {
        if (name !== undefined && value !== undefined) return [name.trim(), decodeURIComponent(value.trim())];
      } catch {
        // Reported below, like a pair without an equals sign.
      }
      throw new Error('OTEL_RESOURCE_ATTRIBUTES is not a list of name=value pairs');
    }),
  );
}
