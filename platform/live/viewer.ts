import { type EventStream, idFrame } from './sse.ts';
import type { Entry } from './topics.ts';

/** So many bytes are sent at once: small frames together cost a fraction of what they cost one by one. */
const portionBytes = 16 * 1024;

/**
 * Someone who watches topics of a feed, and what is still to be shown to them. It is sent in portions, as the viewer
 * takes them. What waits are things and not frames: however slow a viewer is, each thing waits once, and is sent as it
 * stands by then.
 */
export class Viewer {
  readonly topics: readonly number[];
  /** The transaction before which all was seen, of a viewer who comes again; 0 for any other. */
  readonly seen: bigint;
  readonly #stream: EventStream;
  readonly #waiting = new Set<Entry>();
  /** What the viewer is told when nothing waits any more: that it has seen all that was written before. */
  #upto: string | undefined;

  constructor(stream: EventStream, topics: readonly number[]) {
    this.topics = topics;
    const { lastEventId = '' } = stream;
    this.seen = /^\d{1,19}$/.test(lastEventId) ? BigInt(lastEventId) : 0n;
    this.#stream = stream;
    stream.onReady(() => this.#send());
  }

  /**
   * Shows things as soon as the viewer takes them.
   * @param upto with them the viewer has seen all that earlier transactions wrote; left out where that can't be said.
   */
  show(entries: Iterable<Entry>, upto?: string): void {
    for (const each of entries) this.#waiting.add(each);
    this.#upto = upto ?? this.#upto;
    this.#send();
  }

  /** Leaves out what is no longer remembered. */
  leaveOut(entry: Entry): void {
    this.#waiting.delete(entry);
  }

  #send(): void {
    while (this.#stream.isReady && (this.#waiting.size > 0 || this.#upto !== undefined)) {
      this.#stream.send(this.#portion());
    }
  }

  /** The id comes behind the last of all: after a break in the middle the viewer names the one before, and misses none. */
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
