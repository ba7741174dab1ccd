import type { Role } from '../../contracts/auth/calls.ts';

/** Somebody who is there from the beginning. */
export interface FirstPerson {
  readonly login: string;
  readonly password: string;
  readonly role: Role;
}

/** The people of the first description of Startlist. Their passwords are known to everyone who has read it. */
export const demoPeople: readonly FirstPerson[] = [
  { login: 'admin', password: 'password', role: 'admin' },
  { login: 'user', password: 'userpassword', role: 'person' },
];
