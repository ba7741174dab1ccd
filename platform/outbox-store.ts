import { columns, type Sql } from './database/database.ts';
import type { World } from './world.ts';

/** A row of the table `outbox`. */
export interface OutboxRow<Message> {
  readonly id: number;
  readonly key: string;
  readonly at: Date;
  readonly message: Message;
}

/** Statements on the table `outbox` of a service's schema. */
export class OutboxStore<Message extends object> {
  readonly #insert: string;
  readonly #select: string;
  readonly #selectByIds: string;
  readonly #delete: string;

  constructor(schema: string) {
    this.#insert = `
insert into ${schema}.outbox (key, at, message)
select key, $3, message::jsonb
  from unnest($1::uuid[], $2::text[]) with ordinality as t (key, message, place)
 order by place`;
    // Reads pages of messages by id. Skips messages that the receiver has refused, in this pass or before.
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

  async insert(sql: Sql, messages: readonly Message[], world: World): Promise<void> {
    const values = columns(
      messages,
      () => world.uuid(),
      (message) => JSON.stringify(message),
    );
    await sql.query(this.#insert, [...values, new Date(world.now())]);
  }

  /** Reads at most `limit` messages with ids above `afterId`, without `skippedIds`, in the order of ids. */
  readPage(sql: Sql, afterId: number, skippedIds: readonly number[], limit: number): Promise<OutboxRow<Message>[]> {
    return sql.query(this.#select, [afterId, skippedIds, limit]);
  }

  readByIds(sql: Sql, ids: readonly number[]): Promise<OutboxRow<Message>[]> {
    return sql.query(this.#selectByIds, [ids]);
  }

  async delete(sql: Sql, ids: readonly number[]): Promise<void> {
    await sql.query(this.#delete, [ids]);
  }
}
