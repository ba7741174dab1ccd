import { Type } from 'typebox';
import type { Role } from '../auth/calls.ts';

/**
 * What a person may do at an event: `manage` it (edit and cancel it, see its attendees and sales, book by hand, choose
 * helpers), or only `scan` (list attendees and check them in).
 */
export const accesses = ['manage', 'scan'] as const;
export type Access = (typeof accesses)[number];
export const AccessSchema = Type.Enum([...accesses], { description: 'manage or scan' });

/** Whether an access suffices for what needs another: a person who manages an event may also scan. */
export function suffices(access: Access | undefined, needed: Access): access is Access {
  return access === 'manage' || access === needed;
}

/** A person who helps the organizer of an event. */
export interface Helper {
  readonly personId: number;
  readonly access: Access;
}

/**
 * The access of a person to an event; undefined for none. Services ask this function for sessions and API tokens alike.
 * An admin manages every event. To manage an event takes the role of an organizer and either ownership or a grant, so
 * that a person who loses the role loses the events as well. A helper at the entrance needs no role.
 */
export function accessTo(
  { id, role }: { readonly id: number; readonly role: Role },
  event: { readonly organizerId: number; readonly helpers?: readonly Helper[] } | undefined,
): Access | undefined {
  if (role === 'admin') return 'manage';
  if (event === undefined) return undefined;
  const granted = event.helpers?.find(({ personId }) => personId === id)?.access;
  if (role === 'organizer' && (event.organizerId === id || granted === 'manage')) return 'manage';
  return granted === 'scan' ? 'scan' : undefined;
}
