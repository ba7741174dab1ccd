import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, type Span, startSpan, traceIds, within } from '../telemetry/trace.ts';

const unseen = ['/health', '/ready', '/metrics'];
const spans = new WeakMap<object, Span>();

/**
 * Makes a span of every request of a server, part of the trace that the header `traceparent` names. Where no traces
 * are kept, lines of the log still name that trace.
 * @param isInternal takes part in traces, and begins none: which bookings are followed is decided where they come in.
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
  // Only here is the body read: what is begun in an earlier hook is not what the socket's data arrives in.
  server.addHook('preHandler', (request, _reply, done) => within(spans.get(request), done));
  server.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    if (span !== undefined) endSpan(span, request, reply.statusCode);
    done();
  });
}

function spanOf(request: FastifyRequest, parent: string | undefined): Span | undefined {
  const { url: route = '' } = request.routeOptions;
  if (unseen.includes(route)) return undefined;
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
