import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Unavailable } from '../errors.ts';
import type { Timer, World } from '../world.ts';

/** The media type of a stream of events. */
export const eventStreamType = 'text/event-stream';

/** Limits of event streams. */
export interface StreamLimits {
  /** How many may be open in a process. */
  readonly streams: number;
  /**
   * How long what was sent to a viewer may wait for it before it is dropped, in milliseconds. It may come again, and is
   * told what is so. Only time tells who is gone: a socket counts all that is written in one turn of the event loop as
   * waiting, however quick its reader is.
   */
  readonly stuckMs: number;
  /** How often an idle stream says that it is alive, in milliseconds: more often than any proxy on the way gives up. */
  readonly heartbeatMs: number;
  /**
   * How often it is asked whether a viewer may stay, in milliseconds. Answers are remembered for a second
   * (`platform/http/sessions.ts`), so that together a session that has ended is noticed in less than two.
   */
  readonly lookMs: number;
}

export const usualStreamLimits: StreamLimits = {
  streams: 5_000,
  stuckMs: 30_000,
  heartbeatMs: 10_000,
  lookMs: 750,
};

/** After how long a viewer whose stream broke comes again, in milliseconds: not all at the same moment. */
const retryMs = { atLeast: 500, atMost: 2_000 };

/** One viewer's stream. */
export interface EventStream {
  /** What the viewer saw last, when it comes again after a break. */
  readonly lastEventId: string | undefined;
  /** Whether it takes more: what was sent before is on its way, but for what fits into a socket's memory (64 KiB). */
  readonly isReady: boolean;
  /** Sends a frame. Unless the stream is ready the frame is left out, so that never more than one waits beyond that. */
  send(frame: Buffer): void;
  /** Calls `work` each time the stream is ready again. */
  onReady(work: () => void): void;
  /** Calls `work` once, when the stream has ended for whatever reason. */
  onEnd(work: () => void): void;
}

/** An event as it is sent. */
export function eventFrame({ event, data }: { event: string; data: unknown }): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/**
 * What a viewer sends as `Last-Event-ID` after a break from now on. It is a frame of its own: viewers keep the id of an
 * event without data, and are told of no event.
 */
export function idFrame(id: string): Buffer {
  return Buffer.from(`id: ${id}\n\n`);
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
  readonly #tickMs: number;
  readonly #open = new Set<ResponseStream>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(world: World, limits: Partial<StreamLimits> = {}) {
    this.#world = world;
    this.#limits = { ...usualStreamLimits, ...limits };
    const { stuckMs, heartbeatMs, lookMs } = this.#limits;
    this.#tickMs = Math.min(stuckMs, heartbeatMs, lookMs);
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Answers a request with a stream; from then on the reply is the stream's.
   * @param mayStay asked about every viewer at once, again and again: a stream whose viewer signed out, or is no longer
   * who may watch, ends. Where nobody answers it goes on.
   * @throws Unavailable when there are too many, or the server is about to close.
   */
  open(request: FastifyRequest, reply: FastifyReply, mayStay?: () => Promise<boolean>): EventStream {
    if (this.#isClosed) throw new Unavailable('this process is about to end');
    if (this.#open.size >= this.#limits.streams) throw new Unavailable('too many watch', { retryAfterS: 5 });
    const { raw } = reply.hijack();
    const stream = new ResponseStream(raw, lastEventIdOf(request), mayStay);
    // Whoever has left while it was asked who it is does not close any more.
    if (!raw.closed) this.#open.add(stream);
    stream.onEnd(() => this.#open.delete(stream));
    raw.writeHead(200, { ...reply.getHeaders(), ...streamHeaders } as Record<string, string>);
    if (request.method === 'HEAD') raw.end();
    const { atLeast, atMost } = retryMs;
    const retry = Math.round(atLeast + this.#world.random() * (atMost - atLeast));
    stream.send(Buffer.from(`retry: ${retry}\n\n`));
    this.#timer ??= this.#world.later(this.#tickMs, () => this.#tick());
    return stream;
  }

  /** Ends all streams, and opens no more. */
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

/** The stream that an answer carries. */
class ResponseStream implements EventStream {
  readonly lastEventId: string | undefined;
  readonly #raw: ServerResponse;
  readonly #mayStay: (() => Promise<boolean>) | undefined;
  readonly #ready: (() => void)[] = [];
  readonly #ends: (() => void)[] = [];
  /** Whether what was sent fills the socket's memory. */
  #isFull = false;
  /** For how long it has been so, and for how long nothing was sent. No clock is asked: it may be set. */
  #fullMs = 0;
  #quietMs = 0;
  #isLooking = false;

  constructor(raw: ServerResponse, lastEventId: string | undefined, mayStay: (() => Promise<boolean>) | undefined) {
    this.#raw = raw;
    this.lastEventId = lastEventId;
    this.#mayStay = mayStay;
    raw.on('close', () => {
      for (const end of this.#ends) end();
    });
    raw.on('error', () => {});
    raw.on('drain', () => {
      this.#isFull = false;
      for (const work of this.#ready) work();
    });
  }

  get isReady(): boolean {
    return !this.#isFull && !this.#raw.writableEnded && !this.#raw.destroyed;
  }

  send(frame: Buffer): void {
    if (!this.isReady) return;
    this.#quietMs = 0;
    this.#fullMs = 0;
    this.#isFull = !this.#raw.write(frame);
  }

  onReady(work: () => void): void {
    this.#ready.push(work);
  }

  onEnd(work: () => void): void {
    if (this.#raw.closed) work();
    else this.#ends.push(work);
  }

  end(): void {
    this.#raw.end();
  }

  /** Says that it is alive, drops a viewer that is stuck, and asks whether it may stay. */
  tick(passedMs: number, { stuckMs, heartbeatMs }: StreamLimits): void {
    this.#quietMs += passedMs;
    if (this.#isFull) this.#fullMs += passedMs;
    if (this.#fullMs >= stuckMs) this.#raw.destroy();
    else if (this.#quietMs >= heartbeatMs) this.send(heartbeat);
    void this.#look();
  }

  /** One question at a time: while nobody answers, no more of them pile up. */
  async #look(): Promise<void> {
    if (this.#mayStay === undefined || this.#isLooking || this.#raw.writableEnded) return;
    this.#isLooking = true;
    const isWelcome = await this.#mayStay().catch(() => true);
    this.#isLooking = false;
    if (!isWelcome) this.end();
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
