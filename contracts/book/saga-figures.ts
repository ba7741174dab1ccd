import { type Static, Type } from 'typebox';
import { Id } from '../fields.ts';

const Count = Type.Integer({ minimum: 0 });
const Milliseconds = Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() });

/**
 * Figures of the running saga. States and open bookings are counted in the database, for all replicas. All other
 * figures are those of one process: totals since its start, rates over the last 10 seconds, percentiles of the last
 * 2,000 values.
 */
export const SagaFigures = Type.Object({
  at: Type.String({ format: 'date-time' }),
  /** The number of bookings in each state. When there are many, the numbers of settled bookings are estimates. */
  states: Type.Record(Type.String(), Count),
  is_estimated: Type.Boolean(),
  /** The transitions of the saga's table, each with the number of bookings that made it. */
  arrows: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      label: Type.String(),
      total: Count,
      per_second: Type.Number({ minimum: 0 }),
    }),
  ),
  /** For each step: the number of bookings in one call. */
  set_sizes: Type.Record(Type.String(), Type.Object({ p50: Count, p95: Count, max: Count })),
  /**
   * For each step: the duration of a call. `booking`: the time from a create or cancel request until it has settled.
   */
  latencies_ms: Type.Record(Type.String(), Milliseconds),
  /** The number of bookings that a participant refused, by reason. */
  refusals: Type.Record(Type.String(), Count),
  open: Count,
  oldest_open_at: Type.Optional(Type.String({ format: 'date-time' })),
  /** The participants that do not reply; `store` is book's own database. */
  away: Type.Array(Type.String()),
  /** The bookings whose step fails and is retried: at most 100, those with the most attempts first. */
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
