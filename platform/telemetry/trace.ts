import { AsyncLocalStorage } from 'node:async_hooks';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span of a trace. Without tracing there are none, and these functions cost next to nothing. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** True if the span is sampled. Spans below one that is not are not created. */
  readonly isKept: boolean;
  readonly isOver: boolean;
  /** The `traceparent` header for a call to another process (W3C Trace Context). */
  readonly header: string;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Links a related span that is neither parent nor child. */
  link(other: Span): void;
  /** Ends the span; with an error, as failed. */
  end(error?: unknown): void;
}

export interface SpanOptions {
  readonly kind?: 'server' | 'client';
  /** A span of this process, or the `traceparent` header of another. */
  readonly parent?: Span | string | undefined;
  readonly links?: readonly Span[];
  readonly attributes?: Attributes;
}

/** Creates and sends spans; implemented in `platform/telemetry/otlp.ts`. */
export interface Tracer {
  start(name: string, options: SpanOptions): Span;
  /** Sends the remaining spans. */
  stop(): Promise<void>;
}

let tracer: Tracer | undefined;
const current = new AsyncLocalStorage<Span | undefined>();

/** Turns tracing on or off for this process. The tracer is global, as the log is. */
export function keepTraces(by: Tracer | undefined): void {
  tracer = by;
}

export function isTracing(): boolean {
  return tracer !== undefined;
}

/** Starts a root span, or a child of `options.parent`. The caller must end it. */
export function startSpan(name: string, options: SpanOptions = {}): Span | undefined {
  return tracer?.start(name, options);
}

/** The active span, if it is sampled. */
export function currentSpan(): Span | undefined {
  if (tracer === undefined) return undefined;
  const span = current.getStore();
  return span?.isKept ? span : undefined;
}

/** Runs `work` with `span` as the active span. */
export function within<Result>(span: Span | undefined, work: () => Result): Result {
  return span === undefined ? work() : current.run(span, work);
}

/** Runs `work` without an active span, for work that outlives the request that started it. */
export function apart<Result>(work: () => Result): Result {
  return tracer === undefined ? work() : current.run(undefined, work);
}

/** Runs `work` in a child of the active span. If there is none, or it has ended, `work` runs untraced. */
export async function traced<Result>(
  name: string,
  { kind, attributes }: Pick<SpanOptions, 'kind' | 'attributes'>,
  work: (span: Span | undefined) => Promise<Result>,
): Promise<Result> {
  const parent = currentSpan();
  if (parent === undefined || parent.isOver) return work(undefined);
  const span = startSpan(name, { parent, ...(kind && { kind }), ...(attributes && { attributes }) });
  return endWith([span], () => within(span, () => work(span)));
}

/** An item of a batch and its parent span: usually that of its request, which may have ended. */
export interface Traced {
  readonly span: Span | undefined;
  readonly attributes?: Attributes;
}

/**
 * Traces the work of a batch in the trace of each item. Each sampled item gets a span in its own trace, as long as the
 * batch takes. The work itself is recorded once, below the first of them, and linked with the others in both directions:
 * recorded in every trace, a batch of 500 would have 500 copies.
 */
export async function tracedBatch<Result>(
  name: string,
  items: () => readonly Traced[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (tracer === undefined) return work();
  const all = items();
  const size = { 'set.size': all.length };
  const spans = all.flatMap(({ span: parent, attributes }) =>
    parent?.isKept ? [startSpan(name, { parent, attributes: { ...attributes, ...size } })] : [],
  );
  const [first, ...others] = spans;
  if (first === undefined) return apart(work);
  if (others.length === 0) return endWith(spans, () => within(first, work));
  const links = others.filter((span) => span !== undefined);
  const whole = startSpan(`${name} set`, { parent: first, links, attributes: size });
  for (const span of links) if (whole !== undefined) span.link(whole);
  return endWith([whole, ...spans], () => within(whole, work));
}

async function endWith<Result>(spans: readonly (Span | undefined)[], work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    for (const span of spans) span?.end();
    return result;
  } catch (error) {
    for (const span of spans) span?.end(error);
    throw error;
  }
}

/** The fields that connect a log line with its trace. */
export function traceIds(span: Span | undefined = currentSpan()): { trace_id?: string; span_id?: string } {
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
