import type { Database } from '../../platform/database/database.ts';
import { Forbidden, InvalidInput, NotFound, Unauthenticated } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { appendAuditEntry } from '../audit-store.ts';
import { type Credentials, drawResetToken, loginKey, tokenHash } from '../credentials.ts';
import { type Actor, endSessionsOf, roleNow } from '../sessions/session-store.ts';
import { removeTokensOf } from '../sessions/token-store.ts';
import { credentialOfPerson, lockPersonOf, replacePassword } from '../store.ts';
import { isCommonPassword } from './common-passwords.ts';
import { addReset, findReset, removeResetsOf, takeReset } from './reset-store.ts';

/** How long a reset token is valid, in milliseconds: 24 hours. */
const resetLifetimeMs = 24 * 60 * 60 * 1_000;

export interface Passwords {
  /**
   * Changes a person's password and ends all other sessions. API tokens stay valid: they do not depend on the
   * password, and each can be revoked.
   * @throws Unauthenticated when the current password is wrong; InvalidInput when the new one is the login or too
   * common.
   */
  change(personId: number, sessionId: string, change: { readonly old: string; readonly next: string }): Promise<void>;
  /**
   * Issues a token with which a person sets a new password. `by` is null for the command line.
   * @throws Forbidden; NotFound
   */
  issueReset(by: Actor | null, personId: number): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /**
   * Sets a password with a token, which works once. Ends all sessions and revokes all API tokens, because an intruder
   * may have created some.
   * @throws InvalidInput when the token is unknown, used or expired, or the password is the login or too common.
   */
  reset(token: string, next: string): Promise<void>;
}

/** @throws InvalidInput when a password is the login, or too common. */
export function checkNewPassword(password: string, login: string, field: string): void {
  const isTheLogin = loginKey(password) === loginKey(login);
  if (!isTheLogin && !isCommonPassword(password)) return;
  const how = isTheLogin ? 'is the same as the login' : 'is too common';
  const reason = isTheLogin ? 'same_as_login' : 'common_password';
  throw new InvalidInput(`The password ${how}. Choose another one.`, field, { reason });
}

export interface PasswordParts {
  readonly database: Database;
  readonly credentials: Credentials;
  readonly world: World;
}

export function createPasswords(parts: PasswordParts): Passwords {
  return {
    change: (personId, sessionId, change) => changePassword(parts, personId, sessionId, change),
    issueReset: (by, personId) => issueReset(parts, by, personId),
    reset: (token, next) => resetPassword(parts, token, next),
  };
}

async function changePassword(
  { database, credentials, world }: PasswordParts,
  personId: number,
  sessionId: string,
  { old, next }: { readonly old: string; readonly next: string },
): Promise<void> {
  const credential = await credentialOfPerson(database, personId);
  const wrong = new Unauthenticated('The current password is wrong.');
  if (!(await credentials.fits(old, credential?.passwordHash)) || credential === undefined) {
    const entry = { action: 'login_failed', by: personId, to: personId } as const;
    await appendAuditEntry(database, new Date(world.now()), entry);
    throw wrong;
  }
  checkNewPassword(next, credential.login, 'new_password');
  const passwordHash = await credentials.hash(next);
  await database.transaction(async (sql) => {
    if (!(await replacePassword(sql, personId, credential.passwordHash, passwordHash))) throw wrong;
    await endSessionsOf(sql, personId, tokenHash(sessionId));
    await removeResetsOf(sql, personId);
    await appendAuditEntry(sql, new Date(world.now()), { action: 'password_changed', by: personId });
  });
}

function issueReset({ database, world }: PasswordParts, by: Actor | null, personId: number) {
  return database.transaction(async (sql) => {
    if (by !== null && (await roleNow(sql, by)) !== 'admin')
      throw new Forbidden('Only an admin can issue a password reset.');
    if ((await credentialOfPerson(sql, personId)) === undefined)
      throw new NotFound(`Person ${personId} does not exist.`);
    const token = drawResetToken(world);
    const expiresAt = new Date(world.now() + resetLifetimeMs);
    await addReset(sql, personId, tokenHash(token), expiresAt);
    const entry = { action: 'password_reset_issued', by: by?.id ?? null, to: personId } as const;
    await appendAuditEntry(sql, new Date(world.now()), entry);
    return { token, expiresAt };
  });
}

async function resetPassword({ database, credentials, world }: PasswordParts, token: string, next: string) {
  const reason = { reason: 'token_spent' };
  const invalid = new InvalidInput('The token is unknown, used or expired.', 'token', reason);
  const hash = tokenHash(token);
  const now = () => new Date(world.now());
  // Checked before the hashing, so that a guessed token costs no hash. Checked again below, because the token may be
  // used meanwhile.
  const found = await findReset(database, hash, now());
  if (found === undefined) throw invalid;
  checkNewPassword(next, found.login, 'new_password');
  const passwordHash = await credentials.hash(next);
  await database.transaction(async (sql) => {
    // Locks the person before the token, in the order of a password change: the other order can deadlock.
    await lockPersonOf(sql, found.personId);
    const personId = await takeReset(sql, hash, now());
    if (personId === undefined) throw invalid;
    const { passwordHash: old = null } = (await credentialOfPerson(sql, personId)) ?? {};
    if (!(await replacePassword(sql, personId, old, passwordHash))) throw invalid;
    await endSessionsOf(sql, personId);
    const details = { tokens_revoked: await removeTokensOf(sql, personId) };
    await appendAuditEntry(sql, now(), { action: 'password_reset', by: null, to: personId, details });
  });
}
