import { type Static, Type } from 'typebox';
import { Id } from '../fields.ts';

const Count = Type.Integer({ minimum: 0 });
const Milliseconds = Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() });

/**
 * How the saga runs. States and open bookings are counted in the database, for all replicas. The rest is about one
 * process: totals since its start, rates over the last 10 seconds, percentiles of the last 2,000 values.
 */
export const SagaFigures = Type.Object({
  at: Type.String({ format: 'date-time' }),
  /** Bookings in each state. Settled ones are estimated when there are many. */
  states: Type.Record(Type.String(), Count),
  is_estimated: Type.Boolean(),
  /** The transitions of the saga's table, and how many bookings made each. */
  arrows: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      label: Type.String(),
      total: Count,
      per_second: Type.Number({ minimum: 0 }),
    }),
  ),
  /** Bookings per call of each step. */
  set_sizes: Type.Record(Type.String(), Type.Object({ p50: Count, p95: Count, max: Count })),
  /** Duration of each step's calls; `booking` is the time from a create or cancel request until the booking settles. */
  latencies_ms: Type.Record(Type.String(), Milliseconds),
  /** Refused bookings by reason, without those that a person canceled. */
  refusals: Type.Record(Type.String(), Count),
  open: Count,
  oldest_open_at: Type.Optional(Type.String({ format: 'date-time' })),
  /** Participants that do not answer; `store` is book's own database. */
  away: Type.Array(Type.String()),
  /** Bookings that failed on their own and are retried: at most 100, most attempts first. */
  stuck: Type.Array(
    Type.Object({
      booking_id: Id,
      state: Type.String(),
      attempts: Count,
      last_error: Type.Optional(Type.String()),
      due_at: Type.String({ format: 'date-time' }),
    }),
  ),
  /** The fields that describe one process only. */
  of_this_process: Type.Array(Type.String()),
});
export type SagaFigures = Static<typeof SagaFigures>;
