import { Type } from 'typebox';
import { CancelEventBody, CreateEventBody, EventDetail, EventItem } from '../events.ts';
import { ById } from '../fields.ts';
import { keyProblems } from '../headers.ts';
import { PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';

const greenRun = { id: 1, event_name: 'green run', price: 5, total_slots: 3 };
const redRun = { id: 2, event_name: 'red run', price: 40, total_slots: 5 };
const inDetail = { ...greenRun, free_slots: 3, organizer_id: 1, created_at: '2026-03-01T09:00:00.000Z' };

export const createEvent = defineRoute({
  method: 'POST',
  path: '/events/create',
  tag: 'events',
  operationId: 'createEvent',
  summary: 'Makes an event',
  access: 'session',
  only: 'an organizer or an admin',
  scope: 'events:write',
  headers: ['Idempotency-Key'],
  body: CreateEventBody,
  example: { event_name: 'green run', price: 5, total_slots: 3 },
  answers: { 201: { says: 'The event is there.', body: EventItem, headers: ['Location'], example: greenRun } },
  problems: keyProblems,
});

export const listEvents = defineRoute({
  method: 'GET',
  path: '/events/get',
  tag: 'events',
  operationId: 'listEvents',
  summary: 'Lists events by their ids',
  access: 'anyone',
  scope: 'events:read',
  query: PageQuery,
  answers: {
    200: { says: 'A page of events.', body: Type.Array(EventItem), headers: ['Link'], example: [greenRun, redRun] },
  },
});

export const getEvent = defineRoute({
  method: 'GET',
  path: '/events/get/:id',
  tag: 'events',
  operationId: 'getEvent',
  summary: 'Shows an event, with its free slots',
  access: 'anyone',
  scope: 'events:read',
  params: ById,
  answers: { 200: { says: 'The event.', body: EventDetail, example: inDetail } },
  problems: { 404: 'There is no such event.' },
});

export const cancelEvent = defineRoute({
  method: 'POST',
  path: '/events/cancel',
  tag: 'events',
  operationId: 'cancelEvent',
  summary: 'Cancels an event',
  description:
    'Nobody gets a slot from then on. Its bookings are canceled and paid back one after the other: `cancellation` says how far that has come. Canceling again changes nothing.',
  access: 'session',
  only: 'its organizer or an admin',
  scope: 'events:write',
  headers: ['Idempotency-Key'],
  body: CancelEventBody,
  example: { event_id: 1 },
  answers: {
    200: {
      says: 'The event is canceled.',
      body: EventDetail,
      example: {
        ...inDetail,
        free_slots: 1,
        cancellation: { canceled_at: '2026-03-02T09:00:00.000Z', slots_given_back: 1, of: 3 },
      },
    },
  },
  problems: { ...keyProblems, 404: 'There is no such event.' },
});
