import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { openPlace, startProgram } from '../support/program.ts';
import { readSources } from '../support/sources.ts';
import { until } from '../support/until.ts';
import type { ReceivedSpan, Receiver } from './otlp.ts';
import { bookTraced, prepare, runInFour, runInOne, type TracedRun, traceOf, wholeTrace } from './traced-run.ts';
import { document, drawBooking, drawnIn, type RunName, shapeOf, withRun } from './traces.ts';

const text = readFileSync(document, 'utf8');
const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);

const isDrawn = async (name: RunName, run: TracedRun, receiver: Receiver) =>
  assert.deepEqual(shapeOf(await drawBooking(run, receiver)), shapeOf(drawnIn(text, name)), 'run npm run traces');

test('the shape of a trace is what is part of what: a missing step is found, and figures do not matter', () => {
  const drawn = drawnIn(text, 'in one process');
  assert.notDeepEqual(shapeOf(drawn.replace(/^.*update events\.event.*\n/m, '')), shapeOf(drawn));
  assert.deepEqual(shapeOf(drawn.replace(/\d+\.\d/g, '7.7')), shapeOf(drawn));
});

test('as four processes: a booking’s trace is the one in docs/traces.md, and a batch is recorded once, with links', async () => {
  await withRun(runInFour, {}, async (run, receiver) => {
    await isDrawn('as four processes', run, receiver);
    const { admin, eventId } = await prepare(run);
    const seeds = Array.from({ length: 40 }, (_, index) => index + 3);
    await Promise.all(seeds.map((seed) => bookTraced(run, admin, eventId, seed)));
    const traces = await Promise.all(seeds.map((seed) => wholeTrace(receiver, traceOf(seed).traceId)));
    for (const trace of traces) {
      for (const step of ['store', 'occupy', 'pay']) assert.equal(named(trace, step).length, 1, step);
    }
    const all = traces.flat();
    const batches = named(all, 'pay batch');
    assert.ok(batches.length > 0, 'forty bookings at once formed no batch');
    for (const batch of batches) {
      const size = Number(batch.attributes['batch.size']);
      assert.equal(batch.links.length, size - 1);
      for (const link of batch.links) {
        const pay = all.find(({ spanId }) => spanId === link.spanId);
        assert.equal(pay?.name, 'pay');
        assert.deepEqual(
          pay?.links.map(({ spanId }) => spanId),
          [batch.spanId],
        );
      }
      const asked = all.find(
        ({ parentSpanId, name }) => parentSpanId === batch.spanId && name === 'POST /internal/pay',
      );
      const answered = all.find(({ parentSpanId }) => parentSpanId === asked?.spanId);
      assert.deepEqual([answered?.service, answered?.name], ['account', 'POST /internal/pay']);
    }
    const transactions = all.filter(({ service, name }) => service === 'account' && name === 'transaction');
    assert.ok(transactions.length < 40, `${transactions.length} transactions paid for 40 bookings`);
  });
});

describe('one process', () => {
  test('a booking’s trace is the one in docs/traces.md, from the request to the statements', async () => {
    await withRun(runInOne, {}, (run, receiver) => isDrawn('in one process', run, receiver));
  });

  test('lines of the log name the booking and its trace; a request without a trace begins one', async () => {
    await withRun(runInOne, { LOG_LEVEL: 'debug' }, async (run, receiver) => {
      const { admin, eventId } = await prepare(run);
      const { json } = await bookTraced(run, admin, eventId, 1);
      const { id } = json as { id: number };
      const { traceId } = traceOf(1);
      const trace = await wholeTrace(receiver, traceId);
      assert.equal(named(trace, 'POST /book/create')[0]?.attributes['booking.id'], id);
      const lines = run
        .log()
        .split('\n')
        .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
      const story = lines.filter(({ booking }) => booking === id);
      assert.deepEqual(
        story.map(({ from, to, trace_id }) => [from, to, trace_id]),
        [
          ['occupying', 'paying', traceId],
          ['paying', 'complete', traceId],
        ],
      );
      const body = { booking_id: id };
      const headers = { traceparent: 'no trace at all' };
      await (await run.client('book')).ask('POST', '/book/cancel', { cookie: admin.cookie, body, headers });
      const own = () => receiver.spans.find(({ name }) => name === 'POST /book/cancel')?.traceId ?? '';
      assert.ok(own() === '' || own() !== traceId);
      while (own() === '') await new Promise((resolve) => setTimeout(resolve, 50));
      const canceled = await wholeTrace(receiver, own());
      for (const step of ['cancel', 'refund', 'release']) assert.equal(named(canceled, step).length, 1, step);
      assert.ok(!receiver.spans.some(({ name }) => name.includes('/health')));
    });
  });

  test('what is not sampled is not sent, and is carried out all the same', async () => {
    const environment = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' };
    await withRun(runInOne, environment, async (run, receiver) => {
      const { admin, eventId } = await prepare(run);
      const { status } = await (await run.client('book')).ask('POST', '/book/create', {
        cookie: admin.cookie,
        body: { event_id: eventId },
      });
      assert.equal(status, 201);
      // The sender of this request has already decided that its trace is sampled, so it is the only sampled trace.
      await bookTraced(run, admin, eventId, 1);
      await wholeTrace(receiver, traceOf(1).traceId);
      assert.deepEqual([...new Set(receiver.spans.map(({ traceId }) => traceId))], [traceOf(1).traceId]);
    });
  });

  test('a collector that is away holds up nothing, and the log says so', async () => {
    const place = await openPlace();
    const impatient = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
    const away = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', ...impatient };
    const program = startProgram({ ...place.environment, ...away });
    try {
      const client = await program.ready;
      assert.equal((await client.ask('GET', '/events/get')).status, 200);
      await until('the log reports the lost spans', () =>
        program.written.stdout.includes('"msg":"could not send traces to the collector; spans are lost"'),
      );
    } finally {
      assert.equal(await program.end('SIGTERM'), 0);
      await place.remove();
    }
  });

  test('a sampler that does not exist is one line, and exit code 1', async () => {
    const program = startProgram({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_SAMPLER: 'some' });
    assert.equal(await program.ended, 1);
    assert.match(program.written.stderr, /^Startlist can't start: OTEL_TRACES_SAMPLER: [^\n]+\n$/);
  });
});

test('the SDK of OpenTelemetry is loaded only where it is wanted: by one file, and that by one import at run time', () => {
  const sources = readSources('{auth,events,account,book,contracts,saga,platform,programs}/**/*.ts');
  const mentions = (what: RegExp) =>
    [...sources].filter(([path, code]) => !path.endsWith('.test.ts') && what.test(code)).map(([path]) => path);
  assert.deepEqual(mentions(/from '@opentelemetry\/(?!api')/), ['platform/telemetry/otlp.ts']);
  assert.deepEqual(mentions(/from '[./]+otlp\.ts'/), []);
  assert.deepEqual(mentions(/await import\('\.\/otlp\.ts'\)/), ['platform/telemetry/start.ts']);
});
