import { Type } from 'typebox';
import { Id } from '../fields.ts';
import { type Scope, ScopeSchema } from '../scopes.ts';
import { BatchSchema } from '../step.ts';

/** Every role can book; an organizer can also create events, and an admin can do everything. */
export const roles = ['person', 'organizer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The person of a session or an API token, with the fields that the other services see. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly role: Role;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The scopes of an API token. A session has none, and is not restricted. */
  readonly scopes?: Scope[];
}

/** The calls from the other services to auth. */
export interface Auth {
  /** The people of session ids and API tokens, in the same order; `null` for an unknown or expired key. */
  resolve(keys: readonly string[]): Promise<readonly (Person | null)[]>;
  /** The names of people, in the order of the ids; `null` for an unknown id. */
  names(personIds: readonly number[]): Promise<readonly (PersonName | null)[]>;
  /** The people with these logins, in the same order; `null` for an unknown login. */
  findByLogin(logins: readonly string[]): Promise<readonly (PersonFound | null)[]>;
}

/** Names people by id, and finds them by login. */
export type People = Pick<Auth, 'names' | 'findByLogin'>;

export interface PersonName {
  readonly id: number;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
}

export interface PersonFound extends PersonName {
  readonly role: Role;
}

const name = { id: Id, login: Type.String(), firstName: Type.String(), lastName: Type.String() };

/** The calls to auth, over HTTP between processes. */
export const authCalls = {
  resolve: {
    path: '/internal/sessions',
    isRead: true,
    asked: BatchSchema(Type.String({ maxLength: 100 })),
    answered: BatchSchema(
      Type.Union([
        Type.Object({
          id: Id,
          login: Type.String(),
          role: Type.Enum([...roles]),
          email: Type.String(),
          firstName: Type.String(),
          lastName: Type.String(),
          scopes: Type.Optional(Type.Array(ScopeSchema)),
        }),
        Type.Null(),
      ]),
    ),
  },
  names: {
    path: '/internal/names',
    isRead: true,
    asked: BatchSchema(Id),
    answered: BatchSchema(Type.Union([Type.Object(name), Type.Null()])),
  },
  findByLogin: {
    path: '/internal/logins',
    isRead: true,
    asked: BatchSchema(Type.String({ maxLength: 100 })),
    answered: BatchSchema(Type.Union([Type.Object({ ...name, role: Type.Enum([...roles]) }), Type.Null()])),
  },
} as const;
