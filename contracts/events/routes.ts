import { Type } from 'typebox';
import { ById, Id } from '../fields.ts';
import { eventStreamType, keyProblems } from '../http/headers.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import { CancelEventBody, ChangeEventBody, CreateEventBody, EventDetail, EventItem, View, When } from './schemas.ts';

const greenRun = { id: 1, event_name: 'green run', price: 5, total_slots: 3 };
const redRun = { id: 2, event_name: 'red run', price: 40, total_slots: 5 };

/** Up to 100 ids in a query. */
const Ids = Type.String({
  pattern: '^[1-9]\\d{0,15}(,[1-9]\\d{0,15}){0,99}$',
  description: 'up to 100 ids, separated by commas',
});

const inDetail = { ...greenRun, free_slots: 3, organizer_id: 1, created_at: '2026-03-01T09:00:00.000Z' };

export const createEvent = defineRoute({
  method: 'POST',
  path: '/events/create',
  tag: 'events',
  operationId: 'createEvent',
  summary: 'Creates an event',
  description:
    'Only the name, the price and the number of slots are required. No slot is sold before `sale_opens_at`, nor from `sale_closes_at` on (by default from `starts_at` on). A person gets at most `max_per_person` slots. Owners can cancel their bookings until `cancel_until` (by default until `starts_at`).',
  access: 'session',
  only: 'an organizer or an admin',
  scope: 'events:write',
  headers: ['Idempotency-Key'],
  body: CreateEventBody,
  example: { event_name: 'green run', price: 5, total_slots: 3 },
  answers: { 201: { says: 'The new event.', body: EventItem, headers: ['Location'], example: greenRun } },
  problems: keyProblems,
});

export const listEvents = defineRoute({
  method: 'GET',
  path: '/events/get',
  tag: 'events',
  operationId: 'listEvents',
  summary: 'Lists events in id order',
  access: 'anyone',
  scope: 'events:read',
  description:
    'With `view=detail`, each event is shown in full. `when=upcoming` lists the events that have not started and those without a start, `when=past` the others, and `ids` only the events with these ids.',
  query: Type.Object(
    {
      ...PageQuery.properties,
      view: Type.Optional(View),
      organizer_id: Type.Optional(Id),
      when: Type.Optional(When),
      ids: Type.Optional(Ids),
    },
    { additionalProperties: false },
  ),
  answers: {
    200: {
      says: 'A page of events.',
      body: Type.Array(Type.Union([EventDetail, EventItem])),
      headers: ['Link'],
      example: [greenRun, redRun],
    },
  },
});

export const getEvent = defineRoute({
  method: 'GET',
  path: '/events/get/:id',
  tag: 'events',
  operationId: 'getEvent',
  summary: 'Shows an event with its free slots',
  access: 'anyone',
  scope: 'events:read',
  params: ById,
  answers: { 200: { says: 'The event.', body: EventDetail, example: inDetail } },
  problems: { 404: 'The event does not exist.' },
});

export const watchEvents = defineRoute({
  method: 'GET',
  path: '/events/live',
  tag: 'events',
  operationId: 'watchEvents',
  summary: 'Streams events as they change',
  description:
    'A stream of server-sent events. Each `event` carries one event in full: first its current state, then every change of its slots or fields, on any replica. Without `ids`, the newest 1,000 events are streamed. An `id` follows each group of events: to resume, send the last one as `Last-Event-ID`.',
  access: 'anyone',
  scope: 'events:read',
  headers: ['Last-Event-ID'],
  query: Type.Object(
    {
      ids: Type.Optional(Ids),
    },
    { additionalProperties: false },
  ),
  answers: { 200: { says: 'The stream.', types: { [eventStreamType]: Type.String() } } },
  problems: { 503: 'Too many open streams.' },
});

export const changeEvent = defineRoute({
  method: 'PATCH',
  path: '/events/:id',
  tag: 'events',
  operationId: 'changeEvent',
  summary: 'Changes an event',
  description:
    'Absent fields keep their value; null removes an optional field. A new price and an earlier `cancel_until` apply to later bookings only. After a change of `starts_at` or `venue`, owners of earlier bookings can cancel for seven days.',
  access: 'session',
  only: 'its organizer or an admin',
  scope: 'events:write',
  params: ById,
  headers: ['Idempotency-Key'],
  body: ChangeEventBody,
  example: { total_slots: 4, max_per_person: 2, venue: null },
  answers: {
    200: {
      says: 'The changed event.',
      body: EventDetail,
      example: { ...inDetail, total_slots: 4, free_slots: 4, max_per_person: 2 },
    },
  },
  problems: {
    ...keyProblems,
    404: 'The event does not exist.',
    409: `More slots are taken than would remain, or the event is canceled. ${keyProblems[409]}`,
  },
});

export const cancelEvent = defineRoute({
  method: 'POST',
  path: '/events/cancel',
  tag: 'events',
  operationId: 'cancelEvent',
  summary: 'Cancels an event',
  description:
    'No more slots are sold. Its bookings are canceled and refunded in the background; `cancellation` shows the progress. Canceling again changes nothing.',
  access: 'session',
  only: 'its organizer or an admin',
  scope: 'events:write',
  headers: ['Idempotency-Key'],
  body: CancelEventBody,
  example: { event_id: 1 },
  answers: {
    200: {
      says: 'The canceled event.',
      body: EventDetail,
      example: {
        ...inDetail,
        free_slots: 1,
        cancellation: { canceled_at: '2026-03-02T09:00:00.000Z', slots_given_back: 1, of: 3 },
      },
    },
  },
  problems: { ...keyProblems, 404: 'The event does not exist.' },
});
