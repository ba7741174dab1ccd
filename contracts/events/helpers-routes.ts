import { Type } from 'typebox';
import { ById, Id } from '../fields.ts';
import { keyProblems } from '../http/headers.ts';
import { PageQuery } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import { EventTeam, HandOverBody, HelperBody, OwnAccess, OwnEvent } from './helpers.ts';

const at = '2026-03-01T09:00:00.000Z';
const ada = { user_id: 3, login: 'runner', first_name: 'Ada', last_name: 'Runner' };
const team = {
  organizer: { user_id: 1, login: 'admin', first_name: '', last_name: '' },
  helpers: [{ ...ada, access: 'scan' }],
};
const unknownEvent = 'The event does not exist.';
const ofTeam = {
  tag: 'events',
  access: 'session',
  only: 'the organizer, a helper who manages the event, or an admin',
  scope: 'events:write',
} as const;

export const listOwnEvents = defineRoute({
  method: 'GET',
  path: '/events/mine',
  tag: 'events',
  operationId: 'listOwnEvents',
  summary: 'Lists the events that the caller organizes or helps with, in id order',
  access: 'session',
  scope: 'events:read',
  query: PageQuery,
  answers: {
    200: {
      says: 'A page of events, each with the access of the caller.',
      body: Type.Array(OwnEvent),
      headers: ['Link'],
      example: [
        {
          id: 1,
          event_name: 'green run',
          price: 5,
          total_slots: 3,
          free_slots: 3,
          organizer_id: 1,
          created_at: at,
          access: 'manage',
        },
      ],
    },
  },
});

export const showAccess = defineRoute({
  method: 'GET',
  path: '/events/:id/access',
  tag: 'events',
  operationId: 'showAccess',
  summary: 'Shows the access of the caller to an event',
  description:
    '`manage`: edit and cancel the event, see its attendees and sales, book by hand, choose helpers. `scan`: list its attendees and check them in. Absent for neither.',
  access: 'session',
  scope: 'events:read',
  params: ById,
  answers: { 200: { says: 'The access.', body: OwnAccess, example: { access: 'manage' } } },
  problems: { 404: unknownEvent },
});

export const listHelpers = defineRoute({
  ...ofTeam,
  method: 'GET',
  path: '/events/:id/helpers',
  operationId: 'listHelpers',
  summary: 'Lists the organizer and the helpers of an event',
  params: ById,
  answers: { 200: { says: 'The team.', body: EventTeam, example: team } },
  problems: { 404: unknownEvent },
});

export const setHelper = defineRoute({
  ...ofTeam,
  method: 'PUT',
  path: '/events/:id/helpers',
  operationId: 'setHelper',
  summary: 'Gives a person access to an event',
  description:
    'Only an organizer or an admin can manage an event; everyone can scan. Another `access` replaces the earlier one.',
  headers: ['Idempotency-Key'],
  params: ById,
  body: HelperBody,
  example: { login: 'runner', access: 'scan' },
  answers: { 200: { says: 'The team.', body: EventTeam, example: team } },
  problems: {
    ...keyProblems,
    404: unknownEvent,
    409: `The person is the event’s organizer, or is not an organizer and so cannot manage events. ${keyProblems[409]}`,
  },
});

export const removeHelper = defineRoute({
  ...ofTeam,
  method: 'DELETE',
  path: '/events/:id/helpers/:user_id',
  operationId: 'removeHelper',
  summary: 'Takes a person’s access to an event away',
  description: 'Removing a person again changes nothing.',
  headers: ['Idempotency-Key'],
  params: Type.Object({ id: Id, user_id: Id }),
  answers: { 200: { says: 'The team.', body: EventTeam, example: { ...team, helpers: [] } } },
  problems: { ...keyProblems, 404: unknownEvent },
});

export const handOverEvent = defineRoute({
  ...ofTeam,
  method: 'POST',
  path: '/events/hand-over',
  operationId: 'handOverEvent',
  summary: 'Hands an event to another organizer',
  description: 'The earlier organizer keeps no access, unless an admin or the new organizer gives it.',
  only: 'its organizer or an admin',
  headers: ['Idempotency-Key'],
  body: HandOverBody,
  example: { event_id: 1, login: 'runner' },
  answers: { 200: { says: 'The team.', body: EventTeam, example: { ...team, organizer: ada, helpers: [] } } },
  problems: {
    ...keyProblems,
    404: unknownEvent,
    409: `The person is not an organizer. ${keyProblems[409]}`,
  },
});
