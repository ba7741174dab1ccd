import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/**
 * The maximum number of links of one span. In a batch of 500 bookings, one span is linked with all others; the default
 * of 128 would drop most of these links.
 */
const mostLinks = 500;

/**
 * Registers the OpenTelemetry SDK, which samples spans (`OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`) and sends
 * them in batches (`OTEL_BSP_…`) by OTLP over HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT`. `onProblem` is called when sending
 * fails.
 *
 * Only `openTracing` in `./start.ts` imports this file, and only when tracing is on, so that a process without tracing
 * does not load the 27 MB of the SDK.
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @returns a function that sends the remaining spans.
 */
export function registerSdk(
  service: string,
  instance: string,
  onProblem: (problem: string) => void,
): () => Promise<void> {
  const ignore = () => {};
  diag.setLogger({ error: onProblem, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ERROR);
  const named = resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance });
  const resource = defaultResource()
    .merge(named)
    .merge(detectResources({ detectors: [envDetector] }));
  const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())];
  const provider = new NodeTracerProvider({ resource, spanProcessors, spanLimits: { linkCountLimit: mostLinks } });
  provider.register();
  return () => provider.shutdown();
}
