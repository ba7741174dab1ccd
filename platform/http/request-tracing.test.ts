import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createLog } from '../telemetry/log.ts';
import { currentSpan, keepTraces, type Span, type SpanOptions, startSpan, traced, within } from '../telemetry/trace.ts';
import { createServer } from './server.ts';

afterEach(() => keepTraces(undefined));

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

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

/** Records spans. */
function keepSpans() {
  const spans: { name: string; parent: SpanOptions['parent']; error: unknown }[] = [];
  keepTraces({
    start(name, { parent }) {
      const kept = { name, parent, error: undefined as unknown };
      spans.push(kept);
      let isOver = false;
      return {
        ...{ traceId, spanId: `${spans.length}`.padStart(16, '0'), isKept: true, header: traceparent },
        get isOver() {
          return isOver;
        },
        rename() {},
        set() {},
        link() {},
        end(error) {
          kept.error = error;
          isOver = true;
        },
      } satisfies Span;
    },
    stop: async () => {},
  });
  return spans;
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

test('a request is a span named by its route pattern, with child spans and its failure', async () => {
  const spans = keepSpans();
  const { server, lines } = startServer();
  await server.inject({ method: 'POST', url: '/fail/7', headers: { traceparent }, payload: '{"a":1}' });
  const [request, part] = spans;
  assert.deepEqual([request?.name, request?.parent, request?.error], ['POST /fail/:id', traceparent, '500']);
  assert.deepEqual([part?.name, (part?.parent as Span | undefined)?.spanId], ['part', '0000000000000001']);
  assert.deepEqual([lines[0]?.trace_id, lines[0]?.span_id], [traceId, '0000000000000001']);
});

test('probes are not traced, and an internal server starts no traces', async () => {
  const spans = keepSpans();
  const internal = createServer(createLog('silent'), { isInternal: true });
  for (const path of ['/health', '/ask']) internal.get(path, async () => `${currentSpan() === undefined}`);
  const get = async (url: string, headers = {}) => (await internal.inject({ url, headers })).payload;
  assert.deepEqual([await get('/health', { traceparent }), await get('/ask')], ['true', 'true']);
  assert.equal(await get('/ask', { traceparent }), 'false');
  assert.deepEqual(
    spans.map(({ name }) => name),
    ['GET /ask'],
  );
});

test('a span that has ended gets no children', async () => {
  const spans = keepSpans();
  const span = startSpan('first');
  span?.end();
  await within(span, () => traced('later', {}, async () => {}));
  assert.equal(spans.length, 1);
});
