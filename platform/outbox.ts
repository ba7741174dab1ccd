import { columns, type Database, type Sql } from './database/database.ts';
import { Unavailable } from './errors.ts';
import type { Logger } from './telemetry/log.ts';
import type { Timer, World } from './world.ts';

/** A message on its way: what was written, when, and the key that tells a repeat from another one. */
export type Dispatched<Message extends object> = Message & { readonly key: string; readonly at: number };

export interface OutboxParts<Message extends object> {
  /** The service's schema, in which the table `outbox` stands. */
  readonly schema: string;
  readonly database: Database;
  readonly world: World;
  readonly log: Logger;
  /** Takes a set over, and returns when it is safe there. It must bear to be given the same twice. */
  deliver(set: readonly Dispatched<Message>[]): Promise<unknown>;
}

/** The half of an outbox that stores see. */
export type Notes<Message extends object> = Pick<Outbox<Message>, 'write'>;

/** Takes messages that nobody will read: in a simulation, for one. */
export const unread: Notes<object> = { write: async () => {} };

/** How often it is looked for what was left, and how long after a failure or a refusal at most, in milliseconds. */
const everyMs = 1_000;
const atMostMs = 30_000;
/** Soon after a write: then it has been committed, and others beside it. */
const soonMs = 20;
const pageSize = 500;
/** How many of those that were refused are offered again in a round: however many they are, the others go on. */
const atMostAlone = 20;

/**
 * Messages to another service that are written in the transaction of what they tell, and delivered afterwards, by
 * sets, for ever: either both are there or none, and whatever crashes only delays the delivery. What was taken over is
 * deleted; what is refused is offered again by itself, ever more rarely. Any number of processes may deliver from one
 * table, and then some are delivered twice, under the same key.
 *
 *     await outbox.write(sql, [{ action: 'event_canceled', by: person.id, details: { event_id: 7 } }]);
 *
 * Source: https://microservices.io/patterns/data/transactional-outbox.html
 */
export class Outbox<Message extends object> {
  readonly #parts: OutboxParts<Message>;
  readonly #insert: string;
  readonly #select: string;
  readonly #selectByIds: string;
  readonly #delete: string;
  #timer: Timer | undefined;
  /** When the timer is due, in milliseconds since 1970-01-01 UTC. */
  #dueAt = 0;
  #underWay: Promise<void> | undefined;
  /** How often in a row nothing could be delivered, because the other side or the database is away. */
  #failures = 0;
  /** What was refused for its own sake: how often, and from when on it is offered again. */
  readonly #refused = new Map<number, { readonly tries: number; readonly dueAt: number }>();
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(parts: OutboxParts<Message>) {
    const { schema } = parts;
    this.#parts = parts;
    this.#insert = `
insert into ${schema}.outbox (key, at, message)
select key, $3, message::jsonb
  from unnest($1::uuid[], $2::text[]) with ordinality as t (key, message, place)
 order by place`;
    // Past those that were refused in this round, and those that were before.
    this.#select = `
select id, key, at, message
  from ${schema}.outbox
 where id > $1
   and id <> all($2::bigint[])
 order by id
 limit $3`;
    this.#selectByIds = `
select id, key, at, message
  from ${schema}.outbox
 where id = any($1::bigint[])
 order by id`;
    this.#delete = `
delete from ${schema}.outbox
 where id = any($1::bigint[])`;
  }

  /** Writes messages down within the transaction of what they tell. */
  async write(sql: Sql, messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { world } = this.#parts;
    const values = columns(
      messages,
      () => world.uuid(),
      (message) => JSON.stringify(message),
    );
    await sql.query(this.#insert, [...values, new Date(world.now())]);
    if (this.#state === 'started' && this.#failures === 0) this.#lookIn(soonMs);
  }

  /** Begins to deliver, what an earlier process left as well. */
  start(): void {
    this.#state = 'started';
    this.#lookIn(soonMs);
  }

  /** Ends when what is under way has ended; the rest is for whoever comes next. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#timer?.cancel();
    await this.#underWay;
  }

  /** Looks so long from now, or sooner where it would have anyway: writes without a pause must not put it off. */
  #lookIn(delayMs: number): void {
    if (this.#underWay !== undefined) return;
    const { world } = this.#parts;
    const dueAt = world.now() + delayMs;
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return;
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = world.later(delayMs, () => {
      this.#timer = undefined;
      this.#underWay = this.#round().finally(() => {
        this.#underWay = undefined;
        if (this.#state === 'started') this.#lookIn(backOffMs(this.#failures));
      });
    });
  }

  async #round(): Promise<void> {
    const { log } = this.#parts;
    try {
      await this.#deliverFresh();
      await this.#deliverRefused();
      this.#failures = 0;
    } catch (err) {
      this.#failures += 1;
      // Whatever is away says so elsewhere, at every question; here once is enough.
      if (this.#failures === 1) log.warn({ err }, 'messages wait to be delivered');
    }
  }

  /** One pass over all that is there and was not refused before. */
  async #deliverFresh(): Promise<void> {
    const { database } = this.#parts;
    for (let after = 0; ; ) {
      const refused = [...this.#refused.keys()];
      const page = await database.query<Row<Message>>(this.#select, [after, refused, pageSize]);
      const last = page.at(-1);
      if (last === undefined) return;
      await this.#forget(await this.#deliver(page));
      after = last.id;
      if (page.length < pageSize || this.#state === 'stopped') return;
    }
  }

  /** Offers what was refused again where its time has come, one by one: no set has to be divided for it once more. */
  async #deliverRefused(): Promise<void> {
    const { database, world } = this.#parts;
    // Whoever has waited longest, so that each has its turn.
    const due = [...this.#refused]
      .filter(([, { dueAt }]) => dueAt <= world.now())
      .sort(([, one], [, other]) => one.dueAt - other.dueAt)
      .slice(0, atMostAlone);
    if (due.length === 0) return;
    const ids = due.map(([id]) => id);
    const rows = await database.query<Row<Message>>(this.#selectByIds, [ids]);
    const found = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!found.has(id)) this.#refused.delete(id);
    for (const row of rows) await this.#forget(await this.#deliver([row]));
  }

  async #forget(delivered: readonly Row<Message>[]): Promise<void> {
    if (delivered.length === 0) return;
    await this.#parts.database.query(this.#delete, [delivered.map(({ id }) => id)]);
    for (const { id } of delivered) this.#refused.delete(id);
  }

  /** Delivers a set, by halves when it is refused, so that one that nobody takes keeps the others from nothing. */
  async #deliver(set: readonly Row<Message>[]): Promise<readonly Row<Message>[]> {
    try {
      await this.#parts.deliver(set.map(({ key, at, message }) => ({ ...message, key, at: at.getTime() })));
      return set;
    } catch (err) {
      if (err instanceof Unavailable) throw err;
      const [only] = set;
      if (set.length > 1 || only === undefined) {
        const half = Math.ceil(set.length / 2);
        return [...(await this.#deliver(set.slice(0, half))), ...(await this.#deliver(set.slice(half)))];
      }
      this.#postpone(only.id, err);
      return [];
    }
  }

  /** One that nobody takes, for its own sake: it waits by a clock of its own, and whatever else there is does not. */
  #postpone(id: number, err: unknown): void {
    const { log, world } = this.#parts;
    const tries = (this.#refused.get(id)?.tries ?? 0) + 1;
    this.#refused.set(id, { tries, dueAt: world.now() + backOffMs(tries - 1) });
    log.error({ err, id, tries }, 'a message is not taken');
  }
}

/** For how long is waited after so many failures, in milliseconds. */
const backOffMs = (failures: number) => Math.min(everyMs * 2 ** Math.min(failures, 10), atMostMs);

interface Row<Message> {
  readonly id: number;
  readonly key: string;
  readonly at: Date;
  readonly message: Message;
}
