import type { Sql } from '../../platform/database/database.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import { schema } from '../schema.ts';

/** A booking whose last attempt failed. It is retried. */
export interface StuckBooking {
  readonly id: number;
  readonly state: Status;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly dueAt: Date;
}

/** Settled bookings by state; estimated when only a sample of the table was read. */
export interface Settled {
  readonly counts: ReadonlyMap<Status, number>;
  readonly isEstimated: boolean;
}

const { named } = bookingSaga;

// Uses the partial index on due_at, which holds only open bookings.
const selectStuck = `
select id, status, attempts, last_error as "lastError", due_at as "dueAt"
  from ${schema}.booking
 where due_at is not null
   and attempts > 0
 order by attempts desc, id
 limit $1`;

/** The size of the sample in pages: 16 MB, about 50,000 bookings, read in 10 ms. */
const sampledPages = 2_000;

const selectPages = `
select pg_relation_size('${schema}.booking') / current_setting('block_size')::bigint as pages`;

// Counts the bookings on a random sample of the table's pages, or on all pages of a small table, so the cost does not
// grow with the number of bookings. An index could not help: none contains the status.
const sampleSettled = `
select status, count(*) as count
  from ${schema}.booking tablesample system ($1)
 where due_at is null
 group by status`;

export interface SagaFiguresStore {
  stuck(atMost: number): Promise<StuckBooking[]>;
  countSettled(): Promise<Settled>;
}

export function createSagaFiguresStore(sql: Sql): SagaFiguresStore {
  return {
    async stuck(atMost) {
      const rows = await sql.query<Omit<StuckBooking, 'state'> & { status: number }>(selectStuck, [atMost]);
      return rows.map(({ status, ...row }) => ({ ...row, state: named(status) }));
    },
    async countSettled() {
      const [size] = await sql.query<{ pages: number }>(selectPages);
      const share = Math.min(1, sampledPages / Math.max(1, size?.pages ?? 1));
      const rows = await sql.query<{ status: number; count: number }>(sampleSettled, [share * 100]);
      const counts = new Map(rows.map(({ status, count }) => [named(status), Math.round(count / share)]));
      return { counts, isEstimated: share < 1 };
    },
  };
}
