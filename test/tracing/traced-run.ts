import { setTimeout as delay } from 'node:timers/promises';
import { type Service, services } from '../../contracts/services.ts';
import { openPlace, startProgram } from '../support/program.ts';
import { Alone } from '../support/services.ts';
import { type Answer, type Client, createEvent, expect, type Person, signInAdmin } from '../support/system.ts';
import { until } from '../support/until.ts';
import type { ReceivedSpan, Receiver } from './otlp.ts';

/** A running Startlist that sends its traces to a receiver. */
export interface TracedRun {
  client(service: Service): Promise<Client>;
  log(): string;
  stop(): Promise<void>;
}

/** Starts all four services in one process. */
export async function runInOne(environment: Readonly<Record<string, string>>): Promise<TracedRun> {
  const place = await openPlace();
  const program = startProgram({ ...place.environment, ...environment });
  await program.ready;
  return {
    client: () => program.ready,
    log: () => program.written.stdout + program.written.stderr,
    async stop() {
      await program.end('SIGTERM');
      await place.remove();
    },
  };
}

/** Four processes, each with its own metrics. */
export interface FourRun extends TracedRun {
  metrics(service: Service): Promise<string>;
}

const serviceToken = 'the token of this test';

/** Starts each service in its own process. */
export async function runInFour(environment: Readonly<Record<string, string>>): Promise<FourRun> {
  const place = await openPlace();
  const common = { ...place.environment, ...environment, SERVICE_TOKEN: serviceToken };
  const started = new Map<Service, Alone>();
  const urls: Record<string, string> = {};
  for (const service of services) {
    const alone = new Alone(service, { ...common, ...urls });
    started.set(service, alone);
    urls[`${service.toUpperCase()}_URL`] = (await alone.internal).address;
  }
  return {
    client: async (service) => (started.get(service) as Alone).client,
    async metrics(service) {
      const internal = await (started.get(service) as Alone).internal;
      return (await internal.ask('GET', '/metrics', { headers: { authorization: `Bearer ${serviceToken}` } })).text;
    },
    log: () => [...started.values()].map(({ log }) => log).join('\n'),
    async stop() {
      // Book is stopped first, because it calls the others.
      for (const service of services.toReversed()) await started.get(service)?.end('SIGTERM');
      await place.remove();
    },
  };
}

/** Signs in the admin, deposits money for the admin, and creates an event. */
export async function prepare(run: TracedRun): Promise<{ admin: Person; eventId: number }> {
  const admin = await signInAdminOf(run);
  const money = { cookie: admin.cookie, body: { delta: 100 } };
  await expect(200, (await run.client('account')).ask('PUT', '/account/deposit', money));
  return { admin, eventId: await createEvent(await run.client('events'), admin, { price: 1, slots: 1_000 }) };
}

async function signInAdminOf(run: TracedRun): Promise<Person> {
  return signInAdmin(await run.client('auth'));
}

const hex = (length: number, seed: number) => (seed + 1).toString(16).padStart(length, 'a');

/** A trace id and its `traceparent` header. */
export function traceOf(seed: number): { readonly traceId: string; readonly header: string } {
  const traceId = hex(32, seed);
  return { traceId, header: `00-${traceId}-${hex(16, seed)}-01` };
}

/** Books in a trace chosen by `seed`. */
export async function bookTraced(run: TracedRun, admin: Person, eventId: number, seed: number): Promise<Answer> {
  const headers = { traceparent: traceOf(seed).header };
  return (await run.client('book')).ask('POST', '/book/create', {
    cookie: admin.cookie,
    body: { event_id: eventId },
    headers,
  });
}

const [server, client] = [2, 3];

/** True if the trace has its root request and the server span of each call between services. */
function isWhole(trace: readonly ReceivedSpan[]): boolean {
  const ids = new Set(trace.map(({ spanId }) => spanId));
  const began = trace.some(({ kind, parentSpanId = '' }) => kind === server && !ids.has(parentSpanId));
  const calls = trace.filter(({ kind, name }) => kind === client && name.includes('/internal/'));
  return began && calls.every((call) => trace.some(({ parentSpanId }) => parentSpanId === call.spanId));
}

/** Waits until a trace is complete and has stopped growing. */
export async function wholeTrace(receiver: Receiver, traceId: string): Promise<ReceivedSpan[]> {
  let size = 0;
  await until(`the trace ${traceId} is whole`, async () => {
    const before = size;
    await delay(400);
    const trace = receiver.trace(traceId);
    size = trace.length;
    return size === before && isWhole(trace);
  });
  return receiver.trace(traceId);
}
