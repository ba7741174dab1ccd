import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { createLog } from '../telemetry/log.ts';
import { currentSpan, traced, tracer, within } from '../telemetry/trace.ts';
import { createServer } from './server.ts';

const exporter = new InMemorySpanExporter();
afterEach(() => exporter.reset());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${parentId}-01`;

/** A server with a recorded log and a route that fails. */
function startServer() {
  const lines: Record<string, unknown>[] = [];
  const server = createServer(createLog('info', { write: (line) => void lines.push(JSON.parse(line)) }));
  server.post('/fail/:id', async () => {
    await traced('part', {}, async () => {});
    throw new Error('a fault of the program');
  });
  return { server, lines };
}

test('log lines carry the trace id of their request, also without tracing', async () => {
  const { server, lines } = startServer();
  await server.inject({ method: 'POST', url: '/fail/1', headers: { traceparent }, payload: '{"password":"x"}' });
  await server.inject({ method: 'POST', url: '/fail/1', headers: { traceparent: 'nonsense' } });
  await server.inject({ method: 'POST', url: '/fail/1' });
  assert.deepEqual(
    lines.map(({ level, trace_id }) => [level, trace_id]),
    [
      [50, traceId],
      [50, undefined],
      [50, undefined],
    ],
  );
  assert.doesNotMatch(JSON.stringify(lines), /password/);
});

/** Starts recording spans. This cannot be undone: OpenTelemetry's API keeps the first SDK that is registered. */
function recordSpans(): void {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
}

test('a request is a span named by its route pattern, with child spans and its failure', async () => {
  recordSpans();
  const { server, lines } = startServer();
  await server.inject({ method: 'POST', url: '/fail/7', headers: { traceparent }, payload: '{"a":1}' });
  const [part, request] = exporter.getFinishedSpans();
  assert.deepEqual(
    [request?.name, request?.status],
    ['POST /fail/:id', { code: SpanStatusCode.ERROR, message: '500' }],
  );
  assert.deepEqual([request?.spanContext().traceId, request?.parentSpanContext?.spanId], [traceId, parentId]);
  const spanId = request?.spanContext().spanId;
  assert.deepEqual([part?.name, part?.parentSpanContext?.spanId], ['part', spanId]);
  assert.deepEqual([lines[0]?.trace_id, lines[0]?.span_id], [traceId, spanId]);
});

test('probes are not traced, and an internal server starts no traces', async () => {
  const internal = createServer(createLog('silent'), { isInternal: true });
  for (const path of ['/health', '/ask']) internal.get(path, async () => `${currentSpan() === undefined}`);
  const get = async (url: string, headers = {}) => (await internal.inject({ url, headers })).payload;
  assert.deepEqual([await get('/health', { traceparent }), await get('/ask')], ['true', 'true']);
  assert.equal(await get('/ask', { traceparent }), 'false');
  assert.deepEqual(
    exporter.getFinishedSpans().map(({ name }) => name),
    ['GET /ask'],
  );
});

test('a span that has ended gets no children', async () => {
  const span = tracer.startSpan('first');
  span.end();
  await within(span, () => traced('later', {}, async () => {}));
  assert.equal(exporter.getFinishedSpans().length, 1);
});
