import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Unavailable } from './errors.ts';
import type { Timer, World } from './world.ts';

/** The media type of a stream of events. */
export const eventStreamType = 'text/event-stream';

/** Limits of event streams. */
export interface StreamLimits {
  /** How many may be open in a process. */
  readonly streams: number;
  /** How much may wait to be sent to one viewer before it is dropped, in bytes. It may come again, and is told what is so. */
  readonly waitingBytes: number;
  /** How often an idle stream says that it is alive, in milliseconds: more often than any proxy on the way gives up. */
  readonly heartbeatMs: number;
}

export const usualStreamLimits: StreamLimits = { streams: 5_000, waitingBytes: 256 * 1024, heartbeatMs: 10_000 };

/** After how long a viewer whose stream broke comes again, in milliseconds: not all at the same moment. */
const retryMs = { atLeast: 500, atMost: 2_000 };

/** One viewer's stream. */
export interface EventStream {
  /** What the viewer saw last, when it comes again after a break. */
  readonly lastEventId: string | undefined;
  /** Sends a frame; a viewer that does not take what it is sent is dropped. */
  send(frame: Buffer): void;
  /** Calls `work` once, when the stream has ended for whatever reason. */
  onEnd(work: () => void): void;
}

/** An event as it is sent: `id` is what the viewer sends as `Last-Event-ID` after a break. */
export function eventFrame({ id, event, data }: { id: string; event: string; data: unknown }): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

const heartbeat = Buffer.from(': alive\n\n');

/**
 * The open streams of server-sent events of a service in a process. They are bounded in number and in what each may
 * hold back, and end in order when the server closes, so that viewers come again at once, wherever they are led.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStreams {
  readonly #world: World;
  readonly #limits: StreamLimits;
  readonly #open = new Map<ServerResponse, (() => Promise<boolean>) | undefined>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(world: World, limits: Partial<StreamLimits> = {}) {
    this.#world = world;
    this.#limits = { ...usualStreamLimits, ...limits };
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Answers a request with a stream; from then on the reply is the stream's.
   * @param mayStay asked with each sign of life, about every viewer at once: a stream whose viewer signed out, or is no
   * longer who may watch, ends. Where nobody answers it goes on.
   * @throws Unavailable when there are too many, or the server is about to close.
   */
  open(request: FastifyRequest, reply: FastifyReply, mayStay?: () => Promise<boolean>): EventStream {
    if (this.#isClosed) throw new Unavailable('this process is about to end');
    if (this.#open.size >= this.#limits.streams) throw new Unavailable('too many watch', { retryAfterS: 5 });
    const { raw } = reply.hijack();
    const ends: (() => void)[] = [];
    // Whoever has left while it was asked who it is does not close any more.
    if (!raw.closed) this.#open.set(raw, mayStay);
    raw.on('close', () => {
      this.#open.delete(raw);
      for (const end of ends) end();
    });
    raw.on('error', () => {});
    raw.writeHead(200, { ...reply.getHeaders(), ...streamHeaders } as Record<string, string>);
    if (request.method === 'HEAD') raw.end();
    const { atLeast, atMost } = retryMs;
    const retry = Math.round(atLeast + this.#world.random() * (atMost - atLeast));
    this.#send(raw, Buffer.from(`retry: ${retry}\n\n`));
    this.#timer ??= this.#world.later(this.#limits.heartbeatMs, () => this.#beat());
    return {
      lastEventId: lastEventIdOf(request),
      send: (frame) => this.#send(raw, frame),
      onEnd(work) {
        if (raw.closed) work();
        else ends.push(work);
      },
    };
  }

  /** Ends all streams, and opens no more. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const raw of this.#open.keys()) raw.end();
  }

  #send(raw: ServerResponse, frame: Buffer): void {
    if (raw.writableEnded || raw.destroyed) return;
    raw.write(frame);
    if (raw.writableLength > this.#limits.waitingBytes) raw.destroy();
  }

  #beat(): void {
    for (const [raw, mayStay] of this.#open) {
      this.#send(raw, heartbeat);
      mayStay?.().then(
        (isWelcome) => isWelcome || raw.end(),
        () => {},
      );
    }
    this.#timer = this.#open.size > 0 ? this.#world.later(this.#limits.heartbeatMs, () => this.#beat()) : undefined;
  }
}

const streamHeaders = {
  'content-type': `${eventStreamType}; charset=utf-8`,
  // Nobody on the way may keep it, change it, or hold it back until there is enough of it (the last is for nginx).
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  // Nothing follows a stream on its connection.
  connection: 'close',
};

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id.length <= 100 ? id : undefined;
}
