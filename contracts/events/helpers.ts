import { type Static, Type } from 'typebox';
import { Login } from '../auth/sign-in.ts';
import { Id } from '../fields.ts';
import { AccessSchema } from './access.ts';
import { EventDetail } from './schemas.ts';

/** A person in the team of an event. */
const Member = Type.Object({
  user_id: Id,
  login: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
});

export const EventTeam = Type.Object(
  {
    organizer: Member,
    helpers: Type.Array(Type.Object({ ...Member.properties, access: AccessSchema })),
  },
  { $id: 'EventTeam' },
);
export type EventTeam = Static<typeof EventTeam>;

export const HelperBody = Type.Object(
  { login: Login, access: AccessSchema },
  { $id: 'HelperBody', additionalProperties: false },
);

export const HandOverBody = Type.Object(
  { event_id: Id, login: Login },
  { $id: 'HandOverBody', additionalProperties: false },
);

/** An event, with what the caller may do there. */
export const OwnEvent = Type.Object({ ...EventDetail.properties, access: AccessSchema }, { $id: 'OwnEvent' });
export type OwnEvent = Static<typeof OwnEvent>;

export const OwnAccess = Type.Object({ access: Type.Optional(AccessSchema) });
