import type { AuditEntry, Details, DispatchedAuditEntry } from '../contracts/auth/audit.ts';
import { columns, type Database, type Sql } from '../platform/database/database.ts';
import type { Page } from '../platform/http/pagination.ts';
import { schema } from './schema.ts';

/** A row of the audit log. */
export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly service: string;
  readonly action: string;
  readonly byId: number | null;
  readonly byLogin: string | null;
  readonly toId: number | null;
  readonly toLogin: string | null;
  readonly details: Details;
}

export interface AuditFilter {
  /** Entries by this person, or about them. */
  readonly personId?: number | undefined;
  readonly action?: string | undefined;
  readonly isNewestFirst?: boolean;
}

export interface AuditStore {
  /** Appends entries of other services. A repeated delivery is stored once. @returns the number of new entries. */
  append(entries: readonly DispatchedAuditEntry[]): Promise<number>;
  page(filter: AuditFilter, page: Page): Promise<AuditRow[]>;
}

const insertEntry = `
insert into ${schema}.trail (at, service, action, by_id, to_id, details)
values ($1, '${schema}', $2, $3, $4, $5::jsonb)`;

// `where not exists` keeps a repeated delivery from using up an id: a gap in the ids would look like a missing entry.
// Entries are inserted in a fixed order: two batches with the same entries in different orders would deadlock.
const insertDispatched = `
insert into ${schema}.trail (key, at, service, action, by_id, to_id, details)
select key, at, service, action, by_id, to_id, details::jsonb
from   unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[])
       as t (key, at, service, action, by_id, to_id, details)
where  not exists (select from ${schema}.trail where trail.key = t.key)
order  by at, key
on conflict (key) do nothing
returning id`;

/**
 * Builds the statement for a page of entries, and its values. Each condition of the filter has its own index. Entries
 * by a person and entries about that person are read separately: one condition with `or` would read the whole log for a
 * person with few entries.
 */
function selectEntries({ personId, action, isNewestFirst }: AuditFilter, { after, limit }: Page) {
  const [beyond, order] = isNewestFirst ? ['<', 'desc'] : ['>', 'asc'];
  const values: unknown[] = [isNewestFirst && after === 0 ? Number.MAX_SAFE_INTEGER : after, limit];
  const given = (value: unknown) => `$${values.push(value)}`;
  const done = action === undefined ? '' : `and action = ${given(action)}`;
  const ids = (side = '') =>
    `(select id from ${schema}.trail where id ${beyond} $1 ${done} ${side} order by id ${order} limit $2)`;
  const person = personId === undefined ? undefined : given(personId);
  const sides = [`and by_id = ${person}`, `and to_id = ${person}`];
  const found = person === undefined ? ids() : sides.map(ids).join(' union ');
  const text = `
select trail.id, trail.at, trail.service, trail.action, trail.details,
       trail.by_id as "byId", actor.login as "byLogin", trail.to_id as "toId", person.login as "toLogin"
from   (${found}) as found
join   ${schema}.trail on trail.id = found.id
left   join ${schema}.person actor on actor.id = trail.by_id
left   join ${schema}.person person on person.id = trail.to_id
order  by trail.id ${order}
limit  $2`;
  return { text, values };
}

/** Appends an entry, in the transaction of the action it records. */
export async function appendAuditEntry(sql: Sql, at: Date, entry: AuditEntry): Promise<void> {
  const { action, by, to = null, details = {} } = entry;
  await sql.query(insertEntry, [at, action, by, to, JSON.stringify(details)]);
}

export function createAuditStore(database: Database): AuditStore {
  return {
    async append(entries) {
      const values = columns(
        entries,
        (entry) => entry.key,
        (entry) => new Date(entry.at),
        (entry) => entry.service,
        (entry) => entry.action,
        (entry) => entry.by,
        (entry) => entry.to ?? null,
        (entry) => JSON.stringify(entry.details ?? {}),
      );
      return (await database.query(insertDispatched, values)).length;
    },
    page(filter, page) {
      const { text, values } = selectEntries(filter, page);
      return database.query<AuditRow>(text, values);
    },
  };
}
