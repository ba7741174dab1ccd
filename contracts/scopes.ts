import { Type } from 'typebox';

/** The scopes that an API token can have. A session has no scopes and is not restricted. */
export const scopes = ['events:read', 'events:write', 'bookings:read', 'bookings:write', 'account:read'] as const;
export type Scope = (typeof scopes)[number];
export const ScopeSchema = Type.Enum([...scopes], { description: `one of ${scopes.join(', ')}` });
