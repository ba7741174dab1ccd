import {
  type Context,
  DiagLogLevel,
  diag,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Attributes, Span, SpanOptions, Tracer } from './trace.ts';

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT };

/**
 * Samples spans (`OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`) and sends them in batches (`OTEL_BSP_…`) by OTLP over
 * HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT`. `onProblem` is called when sending fails.
 *
 * Only `openTracing` in `platform/telemetry/start.ts` imports this file, and only when tracing is on. The rest of the
 * code knows only `trace.ts`, so that a process without tracing loads none of the 27 MB of OpenTelemetry.
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function createTracer(service: string, instance: string, onProblem: (problem: string) => void): Tracer {
  const ignore = () => {};
  diag.setLogger({ error: onProblem, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ERROR);
  const named = resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance });
  const resource = defaultResource()
    .merge(named)
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('startlist');
  return {
    start(name, { kind, parent, links = [], attributes = {} }: SpanOptions) {
      const options = {
        ...(kind && { kind: kinds[kind] }),
        links: links.map(contextOf),
        attributes,
      };
      return new KeptSpan(tracer.startSpan(name, options, within(parent)));
    },
    stop: () => provider.shutdown(),
  };
}

function contextOf({ traceId, spanId, isKept }: Span) {
  return { context: { traceId, spanId, traceFlags: isKept ? TraceFlags.SAMPLED : TraceFlags.NONE } };
}

const header = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** The context of a parent. A malformed header starts a new trace. */
function within(parent: Span | string | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  if (typeof parent !== 'string') return trace.setSpanContext(ROOT_CONTEXT, contextOf(parent).context);
  const [, traceId = '', spanId = '', flags = ''] = header.exec(parent) ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return trace.isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}

class KeptSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly isKept: boolean;
  readonly #span: OtelSpan;
  #isOver = false;

  constructor(span: OtelSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    this.isKept = (traceFlags & TraceFlags.SAMPLED) !== 0;
    this.#span = span;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get header(): string {
    return `00-${this.traceId}-${this.spanId}-0${this.isKept ? 1 : 0}`;
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  link(other: Span): void {
    this.#span.addLink(contextOf(other));
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      const message = error instanceof Error ? error.message : String(error);
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    this.#isOver = true;
    this.#span.end();
  }
}
