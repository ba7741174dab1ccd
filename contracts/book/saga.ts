import { type Static, Type } from 'typebox';
import { Id } from '../fields.ts';

const Count = Type.Integer({ minimum: 0 });
const Milliseconds = Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() });

/**
 * How the saga runs. What is open, and the states, are counted in the database, for all replicas; the rest is of the
 * process that answers: since its start the totals, of the last ten seconds the rates, of the last 2,000 the percentiles.
 */
export const SagaFigures = Type.Object({
  at: Type.String({ format: 'date-time' }),
  /** How many bookings are in each state. Open ones are counted, settled ones are estimated when there are many. */
  states: Type.Record(Type.String(), Count),
  is_estimated: Type.Boolean(),
  /** The arrows of the saga's table, with how many bookings went along each. */
  arrows: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      label: Type.String(),
      total: Count,
      per_second: Type.Number({ minimum: 0 }),
    }),
  ),
  /** How many bookings an action was asked about at once. */
  set_sizes: Type.Record(Type.String(), Type.Object({ p50: Count, p95: Count, max: Count })),
  /** How long each action took to answer a set; `booking` is the time from being asked for, or canceled, to settled. */
  latencies_ms: Type.Record(Type.String(), Milliseconds),
  /** Why bookings were refused; what somebody canceled is not among them. */
  refusals: Type.Record(Type.String(), Count),
  open: Count,
  oldest_open_at: Type.Optional(Type.String({ format: 'date-time' })),
  /** Participants that do not answer; `store` is book's own database. */
  away: Type.Array(Type.String()),
  /** Bookings that failed by themselves and are tried again, at most 100, those that failed most often first. */
  stuck: Type.Array(
    Type.Object({
      booking_id: Id,
      state: Type.String(),
      attempts: Count,
      last_error: Type.Optional(Type.String()),
      due_at: Type.String({ format: 'date-time' }),
    }),
  ),
  /** Which of these tell of one process alone. */
  of_this_process: Type.Array(Type.String()),
});
export type SagaFigures = Static<typeof SagaFigures>;
