import type { Role } from '../../contracts/auth/calls.ts';

/** A person who exists in a new database. */
export interface FirstPerson {
  readonly login: string;
  readonly password: string;
  readonly role: Role;
}

/** The people of the demo. Their passwords are published. */
export const demoPeople: readonly FirstPerson[] = [
  { login: 'admin', password: 'password', role: 'admin' },
  { login: 'user', password: 'userpassword', role: 'person' },
];
