import type { TSchema } from 'typebox';
import * as account from '../contracts/account/schemas.ts';
import * as auth from '../contracts/auth/calls.ts';
import * as reconciliation from '../contracts/book/reconciliation.ts';
import * as booking from '../contracts/book/schemas.ts';
import * as events from '../contracts/events/schemas.ts';
import * as problem from '../contracts/http/problem.ts';

/**
 * The schemas that become named components: those that these modules export, under the names of the exports. All other
 * schemas are written inline.
 */
export const namedSchemas: ReadonlyMap<TSchema, string> = new Map(
  [account, auth, booking, events, problem, reconciliation]
    .flatMap((module) => Object.entries(module) as [string, unknown][])
    .flatMap(([name, value]) => (isStructure(value) ? [[value, name] as const] : [])),
);

/** A string or a number is shorter inline than as a reference. */
function isStructure(value: unknown): value is TSchema {
  if (typeof value !== 'object' || value === null) return false;
  return ('type' in value && value.type === 'object') || 'anyOf' in value;
}
