import { type Static, Type } from 'typebox';
import { Id, Line, Name } from '../fields.ts';

/** The login of a person who signs in, in any form that was ever accepted. */
export const Login = Line(100);
/**
 * A password. 200 characters are enough for any passphrase, and limit the cost of hashing. Lone surrogates are
 * rejected: they have no UTF-8, so all of them would be hashed as one replacement character, and different passwords
 * would match.
 */
export const Password = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^\\P{Cs}*$',
  description: 'a text of 1 to 200 characters',
});

/** The minimum length of a new password, in characters. Older, shorter passwords keep working. */
export const shortestPassword = 8;
export const NewPassword = Type.String({
  minLength: shortestPassword,
  maxLength: 200,
  pattern: '^\\P{Cs}*$',
  description: `a text of ${shortestPassword} to 200 characters`,
});

export const LoginBody = Type.Object(
  { login: Login, password: Password },
  { $id: 'LoginBody', additionalProperties: false },
);
export type LoginBody = Static<typeof LoginBody>;

export const RegisterBody = Type.Object(
  {
    login: Name(100),
    password: NewPassword,
    email: Name(254, { minLength: 0 }),
    first_name: Name(100, { minLength: 0 }),
    last_name: Name(100, { minLength: 0 }),
  },
  { $id: 'RegisterBody', additionalProperties: false },
);
export type RegisterBody = Static<typeof RegisterBody>;

/** With `all=true`, all sessions of the person end. */
export const LogoutQuery = Type.Object(
  { all: Type.Optional(Type.Enum(['true', 'false'], { description: 'true or false' })) },
  { additionalProperties: false },
);

export const Registered = Type.Object({ id: Id }, { $id: 'Registered' });
export const LoggedIn = Type.Object({ status: Type.Literal('ok') }, { $id: 'LoggedIn' });
/** The explanation of how to sign in, for a request that a gateway has redirected. */
export const SignIn = Type.Object({ message: Type.String() }, { $id: 'SignIn' });
