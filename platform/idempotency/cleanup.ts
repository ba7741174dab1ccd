import type { Database } from '../database/database.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Timer, World } from '../world.ts';
import { type IdempotencyStore, retentionMs } from './store.ts';

/** The average time between two runs, in milliseconds. */
const intervalMs = 60_000;
/**
 * The maximum number of rows that one statement deletes. 1,000 rows take a few milliseconds, which delays no request.
 */
const maxBatch = 1_000;

export interface CleanupParts {
  readonly database: Database;
  readonly store: IdempotencyStore;
  readonly world: World;
  readonly log: Logger;
}

/**
 * Deletes idempotency keys older than 24 hours, in batches. Any number of processes may do so at once: each skips rows
 * that another process is deleting.
 */
export class Cleanup {
  readonly #parts: CleanupParts;
  #timer: Timer | undefined;
  #isStopped = false;
  #current: Promise<void> | undefined;

  constructor(parts: CleanupParts) {
    this.#parts = parts;
  }

  /** Runs about once a minute until `stop`. The interval is jittered by 10 %. */
  start(): void {
    const { world, log } = this.#parts;
    this.#timer = world.later(intervalMs * (0.9 + world.random() / 5), () => {
      this.#current = this.run()
        .then(
          () => {},
          (err) => log.warn({ err }, 'could not delete expired idempotency keys; retrying in a minute'),
        )
        .then(() => {
          if (!this.#isStopped) this.start();
        });
    });
  }

  /** Stops the runs. Resolves when the current run has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#current;
  }

  /** Deletes all expired keys. @returns the number of deleted keys. */
  async run(): Promise<number> {
    const { database, store, world } = this.#parts;
    const before = new Date(world.now() - retentionMs);
    let deleted = 0;
    while (!this.#isStopped) {
      const count = await store.deleteOld(database, before, maxBatch);
      deleted += count;
      if (count < maxBatch) break;
    }
    return deleted;
  }
}
