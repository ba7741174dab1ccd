import { type Static, Type } from 'typebox';
import { Id, Line } from '../fields.ts';
import { type Service, services } from '../services.ts';
import { BatchSchema } from '../step.ts';

/** What the audit trail tells of. */
export const actions = [
  'registered',
  'logged_in',
  'login_failed',
  'logged_out',
  'logged_out_everywhere',
  'password_changed',
  'password_reset_issued',
  'password_reset',
  'role_changed',
  'token_created',
  'token_revoked',
  'event_created',
  'event_changed',
  'event_canceled',
  'booking_canceled',
  'checked_in',
  'account_credited',
  'account_paid_out',
  'records_mended',
] as const;
export type Action = (typeof actions)[number];

/** What else there is to know of an act: ids, amounts, names. Never a password, a session's id or a token. */
export const Details = Type.Record(
  Type.String({ pattern: '^[a-z_]{1,40}$' }),
  Type.Union([Type.String({ maxLength: 300, pattern: '^[^\\p{Cc}\\p{Cs}]*$' }), Type.Integer(), Type.Boolean()]),
  { maxProperties: 20, description: 'an object of texts, integers and truths' },
);
export type Details = Readonly<Static<typeof Details>>;

/** Something that somebody did, for the audit trail. */
export interface AuditEntry {
  readonly action: Action;
  /** Who did it: a person's id, or null when that is not known, or it was the program itself. */
  readonly by: number | null;
  /** To whom, where it was done to a person. */
  readonly to?: number;
  readonly details?: Details;
}

/** An act on its way from another service's outbox: its key tells a repeat from another one. */
export interface DispatchedAuditEntry extends AuditEntry {
  readonly key: string;
  /** When it was done, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Where it was done. */
  readonly service: Service;
}

/** Where other services send what was done there. */
export interface AuditLog {
  /** Adds acts to the trail, each once, however often it is sent. @returns how many were new. */
  record(acts: readonly DispatchedAuditEntry[]): Promise<number>;
}

/** The same between processes. An action is any word here: a newer service may send what this one has no name for. */
export const auditCalls = {
  record: {
    path: '/internal/trail',
    asked: BatchSchema(
      Type.Object({
        key: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
        at: Type.Integer(),
        service: Type.Enum([...services]),
        action: Type.Unsafe<Action>(Type.String({ pattern: '^[a-z_]{1,40}$' })),
        by: Type.Union([Id, Type.Null()]),
        to: Type.Optional(Id),
        details: Type.Optional(Details),
      }),
    ),
    answered: Type.Integer(),
  },
} as const;

const Somebody = Type.Object({ id: Id, login: Type.String() });

/** An entry of the trail, as admins read it. */
export const AuditItem = Type.Object({
  id: Id,
  at: Type.String({ format: 'date-time' }),
  /** The service in which it was done. */
  service: Type.String(),
  action: Type.String(),
  by: Type.Union([Somebody, Type.Null()]),
  to: Type.Union([Somebody, Type.Null()]),
  details: Details,
});
export type AuditItem = Static<typeof AuditItem>;

/** Which actions and whose: acts by a person, or to one. */
export const AuditQuery = {
  user_id: Type.Optional(Id),
  action: Type.Optional(Line(40)),
  order: Type.Optional(Type.Enum(['oldest', 'newest'], { description: 'oldest or newest' })),
};
