import { type Static, Type } from 'typebox';
import { Id, Line, Moment, Name } from '../fields.ts';
import { PageQuery } from '../http/pagination.ts';
import { ScopeSchema } from '../scopes.ts';
import { roles } from './calls.ts';
import { NewPassword, Password } from './sign-in.ts';

const At = Type.String({ format: 'date-time' });
const RoleField = Type.Enum([...roles], { description: `one of ${roles.join(', ')}` });

/** The fields of a person that the person and admins see. */
const person = {
  id: Id,
  login: Type.String(),
  role: RoleField,
  email: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
};
export const Me = Type.Object(person);
export type Me = Static<typeof Me>;
export const PersonItem = Type.Object({ ...person, created_at: At });
export type PersonItem = Static<typeof PersonItem>;

/** `q` matches people whose login, name and email contain each of its words. */
export const PeopleQuery = Type.Object(
  { ...PageQuery.properties, q: Type.Optional(Line(100)) },
  { additionalProperties: false },
);

export const RoleBody = Type.Object({ role: RoleField }, { additionalProperties: false });

export const PasswordBody = Type.Object(
  { old_password: Password, new_password: NewPassword },
  { additionalProperties: false },
);

/** A token with which a person can set a new password once. */
export const IssuedReset = Type.Object({ token: Type.String(), expires_at: At });
export const ResetBody = Type.Object({ token: Line(100), new_password: NewPassword }, { additionalProperties: false });

/** A session, without its id. */
export const SessionItem = Type.Object({
  created_at: At,
  last_used_at: At,
  expires_at: At,
  /** Whether this session is the one of the request. */
  current: Type.Boolean(),
  user_agent: Type.Optional(Type.String()),
});
export type SessionItem = Static<typeof SessionItem>;

const Scopes = Type.Array(ScopeSchema, {
  minItems: 1,
  uniqueItems: true,
  description: 'one or more scopes, each once',
});

export const CreateTokenBody = Type.Object(
  { name: Name(100), scopes: Scopes, expires_at: Type.Optional(Moment) },
  { additionalProperties: false },
);

const token = {
  id: Id,
  name: Type.String(),
  scopes: Type.Array(ScopeSchema),
  created_at: At,
  expires_at: Type.Optional(At),
  last_used_at: Type.Optional(At),
};
/** An API token in its owner's list. The secret itself is shown only once, when the token is created. */
export const TokenItem = Type.Object(token);
export type TokenItem = Static<typeof TokenItem>;
export const CreatedToken = Type.Object({ ...token, token: Type.String() });
