import type { Database, Sql } from './database/database.ts';
import { Unavailable } from './errors.ts';
import { type OutboxRow, OutboxStore } from './outbox-store.ts';
import type { Logger } from './telemetry/log.ts';
import type { Timer, World } from './world.ts';

/** A message with the time at which it was written, and with a key by which the receiver recognizes a repeat. */
export type Delivery<Message extends object> = Message & { readonly key: string; readonly at: number };

export interface OutboxParts<Message extends object> {
  /** The schema of the service, which contains the table `outbox`. */
  readonly schema: string;
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Delivers a batch, and resolves once the receiver has stored it. The receiver must accept repeated messages. */
  deliver(batch: readonly Delivery<Message>[]): Promise<unknown>;
}

/** The part of an outbox that stores use. */
export type OutboxWriter<Message extends object> = Pick<Outbox<Message>, 'write'>;

/** Discards messages, for example in a simulation. */
export const discardMessages: OutboxWriter<object> = { write: async () => {} };

/** The interval between two passes, and the longest delay after a failure or a refusal, in milliseconds. */
const intervalMs = 1_000;
const longestDelayMs = 30_000;
/**
 * The delay from a write to the next pass, in milliseconds. By then the transaction of the write has committed, as have
 * others of the same moment.
 */
const afterWriteMs = 20;
const pageSize = 500;
/** The maximum number of refused messages that one pass retries. More of them would delay new messages. */
const retriesPerPass = 20;

/**
 * A transactional outbox: messages to another service, inserted in the transaction of the change that they report, and
 * delivered afterwards in batches, at least once. A crash delays messages but loses none. Delivered messages are
 * deleted. A message that the receiver refuses is retried in a batch of its own, with increasing delays. Several
 * processes may deliver from one table; some messages are then delivered twice, with the same key.
 *
 *     await outbox.write(sql, [{ action: 'event_canceled', by: person.id, details: { event_id: 7 } }]);
 *
 * Source: https://microservices.io/patterns/data/transactional-outbox.html
 */
export class Outbox<Message extends object> {
  readonly #parts: OutboxParts<Message>;
  readonly #store: OutboxStore<Message>;
  #timer: Timer | undefined;
  /** The time at which the timer fires, in milliseconds since 1970-01-01 UTC. */
  #dueAt = 0;
  #currentPass: Promise<void> | undefined;
  /** The number of consecutive passes that failed because the receiver or the database was unavailable. */
  #failures = 0;
  /** The messages that the receiver refused, by id: the number of attempts, and the time of the next attempt. */
  readonly #refused = new Map<number, { readonly attempts: number; readonly dueAt: number }>();
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(parts: OutboxParts<Message>) {
    this.#parts = parts;
    this.#store = new OutboxStore(parts.schema);
  }

  /** Inserts messages in the transaction of the change that they report. */
  async write(sql: Sql, messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#store.insert(sql, messages, this.#parts.world);
    if (this.#state === 'started' && this.#failures === 0) this.#schedule(afterWriteMs);
  }

  /** Starts to deliver messages, including those that an earlier process left. */
  start(): void {
    this.#state = 'started';
    this.#schedule(afterWriteMs);
  }

  /** Stops delivery. Resolves when the current pass has ended; the next process delivers the remaining messages. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#timer?.cancel();
    await this.#currentPass;
  }

  /** Schedules a pass, unless an earlier one is scheduled: steady writes would otherwise postpone it for ever. */
  #schedule(delayMs: number): void {
    if (this.#currentPass !== undefined) return;
    const { world } = this.#parts;
    const dueAt = world.now() + delayMs;
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return;
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = world.later(delayMs, () => {
      this.#timer = undefined;
      this.#currentPass = this.#pass().finally(() => {
        this.#currentPass = undefined;
        if (this.#state === 'started') this.#schedule(backOffMs(this.#failures));
      });
    });
  }

  async #pass(): Promise<void> {
    try {
      await this.#deliverFresh();
      await this.#retryRefused();
      this.#failures = 0;
    } catch (err) {
      this.#failures += 1;
      // Logged once for each outage.
      if (this.#failures === 1) this.#parts.log.warn({ err }, 'could not deliver outbox messages; retrying');
    }
  }

  /** Delivers all messages except those that the receiver has refused before. */
  async #deliverFresh(): Promise<void> {
    const { database } = this.#parts;
    for (let afterId = 0; ; ) {
      const page = await this.#store.readPage(database, afterId, [...this.#refused.keys()], pageSize);
      const last = page.at(-1);
      if (last === undefined) return;
      await this.#delete(await this.#deliver(page));
      afterId = last.id;
      if (page.length < pageSize || this.#state === 'stopped') return;
    }
  }

  /** Retries the refused messages that are due, each in a call of its own: a batch would only be split again. */
  async #retryRefused(): Promise<void> {
    const { database, world } = this.#parts;
    // The message that was due first is retried first, so that every message is retried in time.
    const due = [...this.#refused]
      .filter(([, { dueAt }]) => dueAt <= world.now())
      .sort(([, one], [, other]) => one.dueAt - other.dueAt)
      .slice(0, retriesPerPass);
    if (due.length === 0) return;
    const ids = due.map(([id]) => id);
    const rows = await this.#store.readByIds(database, ids);
    const found = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!found.has(id)) this.#refused.delete(id);
    for (const row of rows) await this.#delete(await this.#deliver([row]));
  }

  async #delete(delivered: readonly OutboxRow<Message>[]): Promise<void> {
    if (delivered.length === 0) return;
    const ids = delivered.map(({ id }) => id);
    await this.#store.delete(this.#parts.database, ids);
    for (const id of ids) this.#refused.delete(id);
  }

  /**
   * Delivers a batch, and splits it in halves when the receiver refuses it: one bad message must not block the others.
   * @returns the delivered messages.
   */
  async #deliver(batch: readonly OutboxRow<Message>[]): Promise<readonly OutboxRow<Message>[]> {
    try {
      await this.#parts.deliver(batch.map(({ key, at, message }) => ({ ...message, key, at: at.getTime() })));
      return batch;
    } catch (err) {
      if (err instanceof Unavailable) throw err;
      const [only] = batch;
      if (batch.length > 1 || only === undefined) {
        const half = Math.ceil(batch.length / 2);
        return [...(await this.#deliver(batch.slice(0, half))), ...(await this.#deliver(batch.slice(half)))];
      }
      this.#postpone(only.id, err);
      return [];
    }
  }

  /** Schedules the next attempt to deliver a refused message. Other messages are not delayed. */
  #postpone(id: number, err: unknown): void {
    const { log, world } = this.#parts;
    const attempts = (this.#refused.get(id)?.attempts ?? 0) + 1;
    const delayMs = backOffMs(attempts - 1);
    this.#refused.set(id, { attempts, dueAt: world.now() + delayMs });
    log.error({ err, id, attempts, delayMs }, 'the receiver refused an outbox message; retrying later');
  }
}

/** The delay after a number of consecutive failures, in milliseconds. */
const backOffMs = (failures: number) => Math.min(intervalMs * 2 ** Math.min(failures, 10), longestDelayMs);
