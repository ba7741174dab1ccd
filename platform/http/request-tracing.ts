import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, type Span, startSpan, traceIds, within } from '../telemetry/trace.ts';

const untraced = ['/health', '/ready', '/metrics'];
const spans = new WeakMap<object, Span>();

/**
 * Traces every request of a server as a span, in the trace of its `traceparent` header. Without tracing, log lines still
 * carry that trace id.
 * @param isInternal joins traces but starts none: sampling is decided where a request enters the system.
 */
export function traceRequests(server: FastifyInstance, isInternal = false): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    const parent = typeof traceparent === 'string' ? traceparent : undefined;
    const span = isTracing() && (!isInternal || parent !== undefined) ? spanOf(request, parent) : undefined;
    const ids = span === undefined ? namedBy(parent) : traceIds(span);
    if (ids !== undefined) {
      request.log = request.log.child(ids);
      reply.log = request.log;
    }
    done();
  });
  // Not earlier: reading the body continues in the context of the socket, and would lose the span.
  server.addHook('preHandler', (request, _reply, done) => within(spans.get(request), done));
  server.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    if (span !== undefined) endSpan(span, request, reply.statusCode);
    done();
  });
}

function spanOf(request: FastifyRequest, parent: string | undefined): Span | undefined {
  const { url: route = '' } = request.routeOptions;
  if (untraced.includes(route)) return undefined;
  const span = startSpan(`${request.method} ${route}`.trimEnd(), { kind: 'server', parent });
  if (span !== undefined) spans.set(request, span);
  return span;
}

function endSpan(span: Span, { method, routeOptions }: FastifyRequest, status: number): void {
  span.set({
    'http.request.method': method,
    'http.response.status_code': status,
    ...(routeOptions.url !== undefined && { 'http.route': routeOptions.url }),
  });
  span.end(status >= 500 ? `${status}` : undefined);
}

function namedBy(traceparent: string | undefined): { trace_id: string } | undefined {
  const [, traceId] = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '') ?? [];
  return traceId === undefined ? undefined : { trace_id: traceId };
}
