import { str } from 'envalid';
import { choice, httpUrl, readEnvironment } from '../config.ts';
import { pause, type World } from '../world.ts';
import type { Logger } from './log.ts';
import { keepTraces } from './trace.ts';

/** Of the variables of OpenTelemetry those that are checked at the start; its SDK reads them, and others, by itself. */
export const traceSpecs = {
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl({ default: undefined }),
  OTEL_TRACES_SAMPLER: choice(
    ...(['always_on', 'always_off', 'traceidratio'] as const),
    ...(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const),
  )({ default: 'parentbased_always_on' }),
  OTEL_TRACES_SAMPLER_ARG: str({ default: undefined }),
};

/** How long an end waits for what is still to be sent, in milliseconds: nobody may be there who takes it. */
const longestFlushMs = 2_000;

/**
 * Begins to keep traces where `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and loads what that takes only then. To be called
 * before servers and databases are opened.
 * @returns what sends the last of them.
 */
export async function openTracing(service: string, world: World, log: Logger): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = readEnvironment(process.env, traceSpecs);
  if (endpoint === undefined) return async () => {};
  const { createTracer } = await import('./otlp.ts');
  const tracer = createTracer(service, world.uuid(), (problem) => log.warn({ problem }, 'traces get lost'));
  keepTraces(tracer);
  return () => Promise.race([tracer.stop(), pause(world, longestFlushMs)]);
}
