import { Type } from 'typebox';

/** What an API token may be used for. A session may do all that its person may. */
export const scopes = ['events:read', 'events:write', 'bookings:read', 'bookings:write', 'account:read'] as const;
export type Scope = (typeof scopes)[number];
/** A scope as it travels. */
export const ScopeSchema = Type.Enum([...scopes], { description: `one of ${scopes.join(', ')}` });
