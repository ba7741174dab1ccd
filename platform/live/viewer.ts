import type { EventStream } from './response-stream.ts';
import { idFrame } from './sse.ts';
import type { Entry } from './topics.ts';

/** The size of one write to a stream. Joining small frames costs a fraction of separate writes. */
const portionBytes = 16 * 1024;

/**
 * A viewer of some topics, with a queue of the items to be sent. The items are sent in portions as the socket drains.
 * The queue holds items, not frames: even for a slow viewer, an item waits only once, and is sent in its newest state.
 */
export class Viewer {
  readonly topics: readonly number[];
  /** The id of a transaction: the viewer has seen all earlier ones. 0 for a new viewer. */
  readonly seen: bigint;
  readonly #stream: EventStream;
  readonly #waiting = new Set<Entry>();
  /** The event id to send once the queue is empty. It says that the viewer has seen all transactions before that id. */
  #upto: string | undefined;

  constructor(stream: EventStream, topics: readonly number[]) {
    this.topics = topics;
    const { lastEventId = '' } = stream;
    this.seen = /^\d{1,19}$/.test(lastEventId) ? BigInt(lastEventId) : 0n;
    this.#stream = stream;
    stream.onReady(() => this.#send());
  }

  /**
   * Sends items as soon as the socket has room.
   * @param upto with these items, the viewer has seen all transactions before `upto`; undefined if this is not certain.
   */
  show(entries: Iterable<Entry>, upto?: string): void {
    for (const each of entries) this.#waiting.add(each);
    this.#upto = upto ?? this.#upto;
    this.#send();
  }

  /** Removes an evicted item from the queue. */
  drop(entry: Entry): void {
    this.#waiting.delete(entry);
  }

  #send(): void {
    while (this.#stream.isReady && (this.#waiting.size > 0 || this.#upto !== undefined)) {
      this.#stream.send(this.#portion());
    }
  }

  /**
   * Takes the next frames from the queue. The event id follows the last item. If the connection breaks before that, the
   * viewer resumes from the previous id and misses nothing.
   */
  #portion(): Buffer {
    const frames: Buffer[] = [];
    let bytes = 0;
    for (const entry of this.#waiting) {
      if (bytes >= portionBytes) break;
      this.#waiting.delete(entry);
      frames.push(entry.frame);
      bytes += entry.frame.length;
    }
    if (this.#waiting.size === 0 && this.#upto !== undefined) {
      frames.push(idFrame(this.#upto));
      this.#upto = undefined;
    }
    return Buffer.concat(frames);
  }
}
