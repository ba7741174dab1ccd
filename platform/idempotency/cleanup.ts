import type { Database } from '../database/database.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Timer, World } from '../world.ts';
import { type AnswerTable, keepAnswersMs } from './store.ts';

/** How often it is looked for what may be forgotten, in milliseconds. */
const everyMs = 60_000;
/** How many rows one statement deletes: a few milliseconds' work, so that nobody waits for it. */
const maxBatch = 1_000;

export interface SweeperParts {
  readonly database: Database;
  readonly table: AnswerTable;
  readonly world: World;
  readonly log: Logger;
}

/**
 * Forgets the answers to keys that are older than 24 hours, by sets. Any number of processes may do so at once: none
 * waits for what another one is deleting.
 */
export class Sweeper {
  readonly #parts: SweeperParts;
  #timer: Timer | undefined;
  #isStopped = false;
  #underWay: Promise<void> | undefined;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  /** Sweeps in a minute, and every minute or so from then on until `stop`. */
  start(): void {
    const { world, log } = this.#parts;
    this.#timer = world.later(everyMs * (0.9 + world.random() / 5), () => {
      this.#underWay = this.sweep()
        .then(
          () => {},
          (err) => log.warn({ err }, 'old idempotency keys could not be deleted'),
        )
        .then(() => {
          if (!this.#isStopped) this.start();
        });
    });
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#underWay;
  }

  /** Forgets all that is old enough now; tells how many. */
  async sweep(): Promise<number> {
    const { database, table, world } = this.#parts;
    const before = new Date(world.now() - keepAnswersMs);
    let forgotten = 0;
    while (!this.#isStopped) {
      const count = await table.forget(database, before, maxBatch);
      forgotten += count;
      if (count < maxBatch) break;
    }
    return forgotten;
  }
}
