import type { FastifyInstance } from 'fastify';
import { isTracing, type Span, startSpan, traceIds, within } from './trace.ts';

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
    const { url: route = '' } = request.routeOptions;
    const isTraced = isTracing() && !unseen.includes(route) && (!isInternal || parent !== undefined);
    const span = isTraced ? startSpan(`${request.method} ${route}`.trimEnd(), { kind: 'server', parent }) : undefined;
    if (span !== undefined) spans.set(request, span);
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
    span?.set({
      'http.request.method': request.method,
      'http.response.status_code': reply.statusCode,
      ...(request.routeOptions.url !== undefined && { 'http.route': request.routeOptions.url }),
    });
    span?.end(reply.statusCode >= 500 ? `${reply.statusCode}` : undefined);
    done();
  });
}

function namedBy(traceparent: string | undefined): { trace_id: string } | undefined {
  const [, traceId] = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '') ?? [];
  return traceId === undefined ? undefined : { trace_id: traceId };
}
