import { createHash } from 'node:crypto';
import type { VirtualWorld } from './world.ts';

/** The record of a simulation: lines to read, counts, and offences. */
export class History {
  readonly lines: string[] = [];
  /** How often each fault struck, and how often each counted event happened. */
  readonly counts = new Map<string, number>();
  /** Offences: descriptions of broken rules. */
  readonly offences: string[] = [];
  readonly #world: VirtualWorld;
  readonly #beganMs: number;

  constructor(world: VirtualWorld) {
    this.#world = world;
    this.#beganMs = world.now();
  }

  say(who: string, what: string): void {
    const seconds = ((this.#world.now() - this.#beganMs) / 1_000).toFixed(4);
    this.lines.push(`${seconds.padStart(9)} s  ${who.padEnd(8)}  ${what}`);
  }

  count(name: string, by = 1): void {
    if (by > 0) this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  blame(what: string): void {
    this.offences.push(what);
    this.say('!', what);
  }

  /** A hash of all lines, which shows whether two histories are the same. */
  digest(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex');
  }
}
