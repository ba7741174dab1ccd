import type { FastifyReply, FastifyRequest } from 'fastify';
import { Unavailable } from '../errors.ts';
import type { Timer, World } from '../world.ts';
import { type EventStream, ResponseStream } from './response-stream.ts';

const eventStreamType = 'text/event-stream';

/** Limits of event streams. */
export interface StreamLimits {
  /** The maximum number of open streams in a process. */
  readonly streams: number;
  /**
   * The maximum time that the buffer of a socket stays full before the connection is closed, in milliseconds. The
   * viewer can reconnect, and then gets the current state. The number of buffered bytes is not a criterion: a socket
   * counts all data written in one turn of the event loop as buffered, even when the reader is fast.
   */
  readonly stuckMs: number;
  /** The interval of heartbeats on an idle stream, in milliseconds. It is shorter than the time-outs of proxies. */
  readonly heartbeatMs: number;
  /**
   * The interval of permission checks, in milliseconds. Sessions are cached for a second (`platform/http/sessions.ts`),
   * so a stream ends less than two seconds after its session.
   */
  readonly checkMs: number;
}

const defaultLimits: StreamLimits = {
  streams: 5_000,
  stuckMs: 30_000,
  heartbeatMs: 10_000,
  checkMs: 750,
};

/** The bounds of the delay after which viewers reconnect, in milliseconds. It is random, to spread reconnections. */
const retryMs = { min: 500, max: 2_000 };

/** Formats an event as a frame of the stream. */
export function eventFrame({ event, data }: { event: string; data: unknown }): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/**
 * Formats a frame that sets the `Last-Event-ID` which a viewer sends when it reconnects. The frame has no data, so the
 * viewer fires no event.
 */
export function idFrame(id: string): Buffer {
  return Buffer.from(`id: ${id}\n\n`);
}

/**
 * The open server-sent event streams of a service in this process. The number of streams is bounded, and so is the data
 * buffered for each. When the server closes, all streams end, and viewers soon reconnect, to another replica if there
 * is one.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStreams {
  readonly #world: World;
  readonly #limits: StreamLimits;
  readonly #tickMs: number;
  readonly #open = new Set<ResponseStream>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(world: World, limits: Partial<StreamLimits> = {}) {
    this.#world = world;
    this.#limits = { ...defaultLimits, ...limits };
    const { stuckMs, heartbeatMs, checkMs } = this.#limits;
    this.#tickMs = Math.min(stuckMs, heartbeatMs, checkMs);
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Opens a stream as the response to a request, and takes over the reply.
   * @param mayStay the permission check, called at intervals. The stream ends when the check returns false, and
   * continues when the check fails.
   * @throws Unavailable when the limit is reached or the server is closing.
   */
  open(request: FastifyRequest, reply: FastifyReply, mayStay?: () => Promise<boolean>): EventStream {
    if (this.#isClosed) throw new Unavailable('this replica is shutting down');
    if (this.#open.size >= this.#limits.streams) throw new Unavailable('too many open streams', { retryAfterS: 5 });
    const { raw } = reply.hijack();
    const stream = new ResponseStream(raw, lastEventIdOf(request), mayStay);
    // A response that closed during authentication emits no further `close` event.
    if (!raw.closed) this.#open.add(stream);
    stream.onEnd(() => this.#open.delete(stream));
    raw.writeHead(200, { ...reply.getHeaders(), ...streamHeaders } as Record<string, string>);
    if (request.method === 'HEAD') raw.end();
    const { min, max } = retryMs;
    const retry = Math.round(min + this.#world.random() * (max - min));
    stream.send(Buffer.from(`retry: ${retry}\n\n`));
    this.#timer ??= this.#world.later(this.#tickMs, () => this.#tick());
    return stream;
  }

  /** Ends all streams and rejects new ones. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const stream of this.#open) stream.end();
  }

  #tick(): void {
    for (const stream of this.#open) stream.tick(this.#tickMs, this.#limits);
    this.#timer = this.#open.size > 0 ? this.#world.later(this.#tickMs, () => this.#tick()) : undefined;
  }
}

const streamHeaders = {
  'content-type': `${eventStreamType}; charset=utf-8`,
  // Proxies must not cache, change or buffer the stream. `x-accel-buffering` is for nginx.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  // The connection carries no further request after the stream.
  connection: 'close',
};

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id.length <= 100 ? id : undefined;
}
