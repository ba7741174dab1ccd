import {
  type Context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, traceIds, tracer, within } from '../telemetry/trace.ts';

const untraced = ['/health', '/ready', '/metrics'];
const spans = new WeakMap<object, Span>();

/**
 * Records every request of a server as a span, in the trace of its `traceparent` header. Even when tracing is off, log
 * lines have the trace id of that header.
 * @param isInternal whether the server only joins traces and starts none. Sampling is decided where a request enters
 * the system.
 */
export function traceRequests(server: FastifyInstance, isInternal = false): void {
  server.addHook('onRequest', (request, reply, done) => {
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = isInternal && trace.getSpan(parent) === undefined ? undefined : startSpan(request, parent);
    const ids = span === undefined ? namedBy(request.headers.traceparent) : traceIds(span);
    if (ids !== undefined) {
      request.log = request.log.child(ids);
      reply.log = request.log;
    }
    done();
  });
  // An earlier hook would not do: reading the body continues in the context of the socket, and loses the span.
  server.addHook('preHandler', (request, _reply, done) => within(spans.get(request), done));
  server.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    if (span !== undefined) endSpan(span, request, reply.statusCode);
    done();
  });
}

/** Starts the span of a request. @returns undefined for a probe, and when tracing is off. */
function startSpan(request: FastifyRequest, parent: Context): Span | undefined {
  const { url: route = '' } = request.routeOptions;
  if (untraced.includes(route)) return undefined;
  const span = tracer.startSpan(`${request.method} ${route}`.trimEnd(), { kind: SpanKind.SERVER }, parent);
  if (!isSpanContextValid(span.spanContext())) return undefined;
  spans.set(request, span);
  return span;
}

function endSpan(span: Span, { method, routeOptions }: FastifyRequest, status: number): void {
  span.setAttributes({
    'http.request.method': method,
    'http.response.status_code': status,
    ...(routeOptions.url !== undefined && { 'http.route': routeOptions.url }),
  });
  if (status >= 500) fail(span, `${status}`);
  span.end();
}

function namedBy(traceparent: string | string[] | undefined): { trace_id: string } | undefined {
  const [, traceId] = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(String(traceparent)) ?? [];
  return traceId === undefined ? undefined : { trace_id: traceId };
}
