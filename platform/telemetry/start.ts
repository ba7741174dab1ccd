import { str } from 'envalid';
import { choice, httpUrl, readEnvironment } from '../config.ts';
import { pause, type World } from '../world.ts';
import type { Logger } from './log.ts';

/** The OpenTelemetry variables that are validated at the start. The SDK reads these and others itself. */
export const traceSpecs = {
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl({ default: undefined }),
  OTEL_TRACES_SAMPLER: choice(
    ...(['always_on', 'always_off', 'traceidratio'] as const),
    ...(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const),
  )({ default: 'parentbased_always_on' }),
  OTEL_TRACES_SAMPLER_ARG: str({ default: undefined }),
};

/** The maximum time that a stopping process waits until the last spans are sent: the collector may be unavailable. */
const longestFlushMs = 2_000;

/**
 * Starts tracing if `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and loads the OpenTelemetry SDK only then. Call this function
 * before the first request.
 * @returns a function that sends the remaining spans.
 */
export async function openTracing(service: string, world: World, log: Logger): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = readEnvironment(process.env, traceSpecs);
  if (endpoint === undefined) return async () => {};
  const { registerSdk } = await import('./otlp.ts');
  const flush = registerSdk(service, world.uuid(), (problem) =>
    log.warn({ problem }, 'could not send traces to the collector; spans are lost'),
  );
  return () => Promise.race([flush(), pause(world, longestFlushMs)]);
}
