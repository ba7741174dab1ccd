/**
 * Creates spans by two rules of this project: only a sampled span gets children, and only until it has ended. Also
 * creates the spans of batches. The OpenTelemetry API does nothing until `./otlp.ts` registers its SDK.
 * Source: https://opentelemetry.io/docs/languages/js/instrumentation/
 */
import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** Creates the spans of this process. */
export const tracer = trace.getTracer('startlist');

/** The active span, if it is sampled. */
export function currentSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  return span !== undefined && isSampled(span) ? span : undefined;
}

function isSampled(span: Span): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** Runs `work` with `span` as the active span. */
export function within<Result>(span: Span | undefined, work: () => Result): Result {
  return span === undefined ? work() : context.with(trace.setSpan(ROOT_CONTEXT, span), work);
}

/** Runs `work` without an active span, for work that outlives the request that started it. */
export function apart<Result>(work: () => Result): Result {
  return context.with(ROOT_CONTEXT, work);
}

/** Runs `work` in a child of the active span. If that span is missing, unsampled or over, `work` runs untraced. */
export function traced<Result>(name: string, options: SpanOptions, work: () => Promise<Result>): Promise<Result> {
  const parent = currentSpan();
  if (!parent?.isRecording()) return work();
  const span = tracer.startSpan(name, options);
  return endWith([span], () => within(span, work));
}

/** A batch item and its parent span: usually the span of its request, which may have ended. */
export interface Traced {
  readonly span: Span | undefined;
  readonly attributes?: Attributes;
}

/**
 * Runs the work of a batch and records it in the trace of each item. Each sampled item gets a span in its own trace,
 * which lasts as long as the batch. The spans of the work itself are recorded once, below the first item's span, and
 * linked with the other items' spans in both directions: otherwise a batch of 500 would be recorded 500 times.
 */
export function tracedBatch<Result>(
  name: string,
  items: readonly Traced[],
  work: () => Promise<Result>,
): Promise<Result> {
  const size = { 'batch.size': items.length };
  const spans = items.flatMap(({ span: parent, attributes }) =>
    parent === undefined ? [] : [startChild(parent, name, { attributes: { ...attributes, ...size } })],
  );
  const [first, ...others] = spans;
  if (first === undefined) return apart(work);
  if (others.length === 0) return endWith(spans, () => within(first, work));
  const links = others.map((span) => ({ context: span.spanContext() }));
  const whole = startChild(first, `${name} batch`, { links, attributes: size });
  for (const span of others) span.addLink({ context: whole.spanContext() });
  return endWith([whole, ...spans], () => within(whole, work));
}

function startChild(parent: Span, name: string, options: SpanOptions): Span {
  return tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
}

async function endWith<Result>(spans: readonly Span[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    for (const span of spans) fail(span, error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

/** Marks a span as failed. */
export function fail(span: Span, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** The fields that connect a log line with its trace. */
export function traceIds(span = currentSpan()): { trace_id?: string; span_id?: string } {
  if (span === undefined) return {};
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}
