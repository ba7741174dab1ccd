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

/** A token for a reset is good for so long, in milliseconds: 24 hours. */
const resetLifetimeMs = 24 * 60 * 60 * 1_000;

/** How passwords change. */
export interface Passwords {
  /**
   * Changes a person's password and ends all sessions but this one. API tokens stay: they are no copies of the
   * password, and each can be revoked by itself.
   * @throws Unauthenticated when the old one is wrong; InvalidInput when the new one is too common.
   */
  change(personId: number, sessionId: string, change: { readonly old: string; readonly next: string }): Promise<void>;
  /** Makes a token by which a person sets a new password. `by` is null for the command line. @throws Forbidden */
  issueReset(by: Actor | null, personId: number): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /**
   * Sets a password by a token, once. All sessions end, and all API tokens are revoked: whoever needs this may have
   * lost the account to somebody else, who made tokens.
   * @throws InvalidInput when the token is none, or the password too common.
   */
  reset(token: string, next: string): Promise<void>;
}

/** @throws InvalidInput when a password is among the first that anybody tries. */
export function checkNewPassword(password: string, login: string, field: string): void {
  const isTheLogin = loginKey(password) === loginKey(login);
  if (!isTheLogin && !isCommonPassword(password)) return;
  const how = isTheLogin ? 'the same as the login' : 'among the most common ones';
  const reason = isTheLogin ? 'same_as_login' : 'common_password';
  throw new InvalidInput(`This password is ${how}: take another.`, field, { reason });
}

export interface PasswordParts {
  readonly database: Database;
  readonly credentials: Credentials;
  readonly world: World;
}

export function createPasswords({ database, credentials, world }: PasswordParts): Passwords {
  const now = () => new Date(world.now());
  return {
    async change(personId, sessionId, { old, next }) {
      const credential = await credentialOfPerson(database, personId);
      const wrong = new Unauthenticated('The old password is wrong.');
      if (!(await credentials.fits(old, credential?.passwordHash)) || credential === undefined) {
        await appendAuditEntry(database, now(), { action: 'login_failed', by: personId, to: personId });
        throw wrong;
      }
      checkNewPassword(next, credential.login, 'new_password');
      const passwordHash = await credentials.hash(next);
      await database.transaction(async (sql) => {
        if (!(await replacePassword(sql, personId, credential.passwordHash, passwordHash))) throw wrong;
        await endSessionsOf(sql, personId, tokenHash(sessionId));
        await removeResetsOf(sql, personId);
        await appendAuditEntry(sql, now(), { action: 'password_changed', by: personId });
      });
    },
    issueReset: (by, personId) =>
      database.transaction(async (sql) => {
        if (by !== null && (await roleNow(sql, by)) !== 'admin')
          throw new Forbidden('Only an admin lets others set a new password.');
        if ((await credentialOfPerson(sql, personId)) === undefined)
          throw new NotFound(`There is no person ${personId}.`);
        const token = drawResetToken(world);
        const expiresAt = new Date(world.now() + resetLifetimeMs);
        await addReset(sql, personId, tokenHash(token), expiresAt);
        await appendAuditEntry(sql, now(), { action: 'password_reset_issued', by: by?.id ?? null, to: personId });
        return { token, expiresAt };
      }),
    async reset(token, next) {
      const none = new InvalidInput('This token is unknown, was used or has expired.', 'token', {
        reason: 'token_spent',
      });
      const hash = tokenHash(token);
      // Spares the work of hashing for those who guess. It is looked for again, for it may be used meanwhile.
      const found = await findReset(database, hash, now());
      if (found === undefined) throw none;
      checkNewPassword(next, found.login, 'new_password');
      const passwordHash = await credentials.hash(next);
      await database.transaction(async (sql) => {
        // The person before the token, as a change of the password takes them: or each would wait for the other.
        await lockPersonOf(sql, found.personId);
        const personId = await takeReset(sql, hash, now());
        if (personId === undefined) throw none;
        const { passwordHash: old = null } = (await credentialOfPerson(sql, personId)) ?? {};
        if (!(await replacePassword(sql, personId, old, passwordHash))) throw none;
        await endSessionsOf(sql, personId);
        const revoked = await removeTokensOf(sql, personId);
        await appendAuditEntry(sql, now(), {
          action: 'password_reset',
          by: null,
          to: personId,
          details: { tokens_revoked: revoked },
        });
      });
    },
  };
}
