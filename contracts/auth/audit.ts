import { type Static, Type } from 'typebox';
import { codePattern, Id, Line } from '../fields.ts';
import { type Service, services } from '../services.ts';
import { BatchSchema } from '../step.ts';

/** The actions in the audit log. */
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
  'booked_by_hand',
  'checked_in',
  'check_in_undone',
  'helper_set',
  'helper_removed',
  'event_handed_over',
  'account_credited',
  'account_paid_out',
  'records_mended',
] as const;
export type Action = (typeof actions)[number];

/** Further facts about an action: ids, amounts, names; never a password, a session id or a token. */
export const Details = Type.Record(
  Type.String({ pattern: codePattern }),
  Type.Union([Type.String({ maxLength: 300, pattern: '^[^\\p{Cc}\\p{Cs}]*$' }), Type.Integer(), Type.Boolean()]),
  { maxProperties: 20, description: 'an object of strings, integers and booleans' },
);
export type Details = Readonly<Static<typeof Details>>;

/** An action, to be recorded in the audit log. */
export interface AuditEntry {
  readonly action: Action;
  /** The id of the person who acted; null for an unknown person or the program itself. */
  readonly by: number | null;
  /** The id of the person affected. */
  readonly to?: number;
  readonly details?: Details;
}

/** An entry from the outbox of another service. The key identifies the entry when it is delivered again. */
export interface DispatchedAuditEntry extends AuditEntry {
  readonly key: string;
  /** The time of the action, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** The service in which the action took place. */
  readonly service: Service;
}

/** The audit log, as the other services use it. */
export interface AuditLog {
  /** Appends entries, each only once, however often it is sent. @returns the number of new entries. */
  record(entries: readonly DispatchedAuditEntry[]): Promise<number>;
}

/**
 * The call to the audit log, over HTTP between processes. Any word is a valid action: a service of a newer version may
 * send an action that this version does not know.
 */
export const auditCalls = {
  record: {
    path: '/internal/trail',
    asked: BatchSchema(
      Type.Object({
        key: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
        at: Type.Integer(),
        service: Type.Enum([...services]),
        action: Type.Unsafe<Action>(Type.String({ pattern: codePattern })),
        by: Type.Union([Id, Type.Null()]),
        to: Type.Optional(Id),
        details: Type.Optional(Details),
      }),
    ),
    answered: Type.Integer(),
  },
} as const;

const NamedPerson = Type.Object({ id: Id, login: Type.String() });

/** An audit log entry, as admins read it. */
export const AuditItem = Type.Object({
  id: Id,
  at: Type.String({ format: 'date-time' }),
  /** The service in which the action took place. */
  service: Type.String(),
  action: Type.String(),
  by: Type.Union([NamedPerson, Type.Null()]),
  to: Type.Union([NamedPerson, Type.Null()]),
  details: Details,
});
export type AuditItem = Static<typeof AuditItem>;

/** The filters of the audit log: entries of one action, and entries by a person or about that person. */
export const AuditQuery = {
  user_id: Type.Optional(Id),
  action: Type.Optional(Line(40)),
  order: Type.Optional(Type.Enum(['oldest', 'newest'], { description: 'oldest or newest' })),
};
