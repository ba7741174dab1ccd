import { AsyncLocalStorage } from 'node:async_hooks';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work in a trace. Where nobody keeps traces there are none, and nothing of this costs anything. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether it is kept. Of what is not kept nothing is followed further. */
  readonly isKept: boolean;
  readonly isOver: boolean;
  /** What tells a service in another process of it (W3C Trace Context, the header `traceparent`). */
  readonly header: string;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Notes that another span belongs to this one, although neither is part of the other. */
  link(other: Span): void;
  /** With an error it failed. */
  end(error?: unknown): void;
}

export interface SpanOptions {
  readonly kind?: 'server' | 'client';
  /** What it is part of: a span of this process, or the header `traceparent` of another. */
  readonly parent?: Span | string | undefined;
  readonly links?: readonly Span[];
  readonly attributes?: Attributes;
}

/** Whoever keeps traces: `platform/telemetry/otlp.ts`. */
export interface Tracer {
  start(name: string, options: SpanOptions): Span;
  /** Sends what has not been sent. */
  stop(): Promise<void>;
}

let tracer: Tracer | undefined;
const current = new AsyncLocalStorage<Span | undefined>();

/** Has traces kept in this process from now on, or not any more. There is one place for them, as there is one log. */
export function keepTraces(by: Tracer | undefined): void {
  tracer = by;
}

export function isTracing(): boolean {
  return tracer !== undefined;
}

/** Begins a span that is part of no other, or of one that is named. Whoever begins it ends it. */
export function startSpan(name: string, options: SpanOptions = {}): Span | undefined {
  return tracer?.start(name, options);
}

/** The span of what is under way here, where it is kept. */
export function currentSpan(): Span | undefined {
  if (tracer === undefined) return undefined;
  const span = current.getStore();
  return span?.isKept ? span : undefined;
}

/** Has whatever is begun in `work` be part of a span. */
export function within<Result>(span: Span | undefined, work: () => Result): Result {
  return span === undefined ? work() : current.run(span, work);
}

/** Has whatever is begun in `work` be part of nothing: it goes on for longer than who happened to begin it. */
export function apart<Result>(work: () => Result): Result {
  return tracer === undefined ? work() : current.run(undefined, work);
}

/** Runs `work` as a part of what is under way here. Where that is not kept, or over, it only runs. */
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

/** One of a set, and what it is part of: usually the request that asked for it, which may be over. */
export interface Traced {
  readonly span: Span | undefined;
  readonly attributes?: Attributes;
}

/**
 * Runs `work`, which is about a whole set, so that it can be seen from each of them. Each gets a span of its own, in its
 * own trace, for as long as the set takes. The work itself stands once, below the first that is kept, and links lead
 * there and back: below each it would stand as often as the set is large.
 */
export async function tracedBatch<Result>(
  name: string,
  set: () => readonly Traced[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (tracer === undefined) return work();
  const all = set();
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

/** What a line of the log says of the trace that it is part of. */
export function traceIds(span: Span | undefined = currentSpan()): { trace_id?: string; span_id?: string } {
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
