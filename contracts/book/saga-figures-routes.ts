import { Type } from 'typebox';
import { eventStreamType } from '../http/headers.ts';
import { defineRoute } from '../http/route.ts';
import { SagaFigures } from './saga-figures.ts';

const figures = {
  at: '2026-03-01T09:00:00.000Z',
  states: { occupying: 0, paying: 1, complete: 4, refunding: 0, releasing: 0, canceled: 2 },
  is_estimated: false,
  arrows: [{ from: 'occupying', to: 'paying', label: 'occupy accepted', total: 5, per_second: 0.5 }],
  set_sizes: { occupy: { p50: 1, p95: 2, max: 2 } },
  latencies_ms: { occupy: { p50: 2, p95: 4, p99: 4 }, booking: { p50: 7, p95: 11, p99: 11 } },
  refusals: { no_slots: 2 },
  open: 1,
  oldest_open_at: '2026-03-01T08:59:59.990Z',
  away: [],
  stuck: [],
  of_this_process: ['arrows', 'set_sizes', 'latencies_ms', 'refusals', 'away'],
};

const ofSaga = { tag: 'bookings', access: 'session', only: 'an admin' } as const;

export const showSaga = defineRoute({
  ...ofSaga,
  method: 'GET',
  path: '/book/saga',
  operationId: 'showSaga',
  summary: 'Shows how the saga runs',
  description:
    'The number of bookings in each state and along each transition, batch sizes and durations, and stuck bookings. `of_this_process` lists the fields that describe only the replica that responds.',
  answers: { 200: { says: 'The figures.', body: SagaFigures, example: figures } },
});

export const watchSaga = defineRoute({
  ...ofSaga,
  method: 'GET',
  path: '/book/saga/live',
  operationId: 'watchSaga',
  summary: 'Streams how the saga runs, every second',
  description: 'A stream of server-sent events. Each `saga` event is a response of `GET /book/saga`.',
  answers: { 200: { says: 'The stream.', types: { [eventStreamType]: Type.String() } } },
  problems: { 503: 'Too many open streams.' },
});
