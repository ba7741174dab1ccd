import type { ServerResponse } from 'node:http';

/** A stream of server-sent events to one viewer. */
export interface EventStream {
  /** The value of the header `Last-Event-ID`, which a viewer sends when it reconnects. */
  readonly lastEventId: string | undefined;
  /** Whether the socket's buffer (64 KiB) has room. */
  readonly isReady: boolean;
  /** Sends a frame, or drops it if the stream is not ready. So at most one frame exceeds the buffer. */
  send(frame: Buffer): void;
  /** Calls `work` whenever the stream becomes ready again. */
  onReady(work: () => void): void;
  /** Calls `work` once, when the stream has ended. */
  onEnd(work: () => void): void;
}

const heartbeat = Buffer.from(': alive\n\n');

/** An event stream in an HTTP response. */
export class ResponseStream implements EventStream {
  readonly lastEventId: string | undefined;
  readonly #raw: ServerResponse;
  readonly #mayStay: (() => Promise<boolean>) | undefined;
  readonly #ready: (() => void)[] = [];
  readonly #ends: (() => void)[] = [];
  /** Whether the socket's buffer is full. */
  #isFull = false;
  /** How long the buffer has been full: the sum of the ticks, because a clock can be set. */
  #fullMs = 0;
  /** How long nothing has been sent: the sum of the ticks. */
  #quietMs = 0;
  #isChecking = false;

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

  /** Closes a stuck connection, or sends a heartbeat on an idle one, and checks the viewer's permission. */
  tick(passedMs: number, { stuckMs, heartbeatMs }: { readonly stuckMs: number; readonly heartbeatMs: number }): void {
    this.#quietMs += passedMs;
    if (this.#isFull) this.#fullMs += passedMs;
    if (this.#fullMs >= stuckMs) this.#raw.destroy();
    else if (this.#quietMs >= heartbeatMs) this.send(heartbeat);
    void this.#check();
  }

  /**
   * Ends the stream if the viewer has lost its permission. Only one check runs at a time: slow checks do not pile up.
   */
  async #check(): Promise<void> {
    if (this.#mayStay === undefined || this.#isChecking || this.#raw.writableEnded) return;
    this.#isChecking = true;
    const isAllowed = await this.#mayStay().catch(() => true);
    this.#isChecking = false;
    if (!isAllowed) this.end();
  }
}
