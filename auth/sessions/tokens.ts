import type { Scope } from '../../contracts/scopes.ts';
import type { Database } from '../../platform/database/database.ts';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors.ts';
import { readMoment } from '../../platform/http/timestamps.ts';
import type { World } from '../../platform/world.ts';
import { appendAuditEntry } from '../audit-store.ts';
import { drawToken, tokenHash } from '../credentials.ts';
import { type Actor, roleNow } from './session-store.ts';
import { addToken, lockTokensOf, removeToken, type TokenStore, type TokenView } from './token-store.ts';

/** A token about to be created. */
export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The timestamp in the request; undefined for a token that is valid until it is revoked. */
  readonly expiresAt: string | undefined;
}

export interface Tokens {
  /** @returns the view with the token itself, which is not stored. @throws InvalidInput; Conflict when there are too many. */
  create(by: Actor, token: NewToken): Promise<TokenView & { readonly token: string }>;
  listOf(personId: number): Promise<TokenView[]>;
  /** @throws NotFound when the person has no token with this id. */
  revoke(personId: number, id: number): Promise<void>;
}

/** The maximum number of tokens of a person, enough for one per integration. */
const maxTokens = 100;

export function createTokens(database: Database, store: TokenStore, world: World): Tokens {
  return {
    async create(by, { name, scopes, expiresAt: expiry }) {
      const createdAt = new Date(world.now());
      const expiresAt = readExpiry(expiry, createdAt);
      const token = drawToken(world);
      const { id: personId } = by;
      return database.transaction(async (sql) => {
        if ((await lockTokensOf(sql, personId)) >= maxTokens)
          throw new Conflict(`You already have ${maxTokens} tokens. Revoke an unused one first.`, undefined, {
            reason: 'too_many_tokens',
            values: { limit: maxTokens },
          });
        // Checked under the lock: a password reset either waits for the lock, or has already ended the session.
        await roleNow(sql, by);
        const draft = { tokenHash: tokenHash(token), personId, name, scopes, createdAt, expiresAt };
        const view = await addToken(sql, draft);
        const details = { token_id: view.id, name, scopes: scopes.join(' ') };
        await appendAuditEntry(sql, createdAt, { action: 'token_created', by: personId, details });
        return { ...view, token };
      });
    },
    listOf: (personId) => store.listOf(personId),
    revoke: (personId, id) =>
      database.transaction(async (sql) => {
        const name = await removeToken(sql, id, personId);
        if (name === undefined) throw new NotFound(`You have no token with the id ${id}.`);
        await appendAuditEntry(sql, new Date(world.now()), {
          action: 'token_revoked',
          by: personId,
          details: { token_id: id, name },
        });
      }),
  };
}

function readExpiry(text: string | undefined, now: Date): Date | null {
  const expiresAt = readMoment(text, 'expires_at') ?? null;
  if (expiresAt !== null && expiresAt <= now) throw new InvalidInput('expires_at must be in the future.', 'expires_at');
  return expiresAt;
}
