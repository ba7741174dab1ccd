import type { Person } from '../../contracts/auth/calls.ts';
import { BatchQueue } from '../../platform/batch.ts';
import { isToken } from '../../platform/http/credential-formats.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { tokenHash } from '../credentials.ts';
import type { Resolved, SessionStore } from './session-store.ts';
import type { TokenStore } from './token-store.ts';

/**
 * The minimum time between two stored uses of one session or token, in milliseconds. Without it, every request would
 * write.
 */
const touchEveryMs = 5 * 60 * 1_000;

export interface ResolverParts {
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly world: World;
  readonly log: Logger;
  /** A session ends after this time without use, in milliseconds. */
  readonly idleMs: number;
}

/** A use of a session or a token that is still to be stored. */
interface Use {
  readonly hash: Buffer;
  readonly kind: 'sessions' | 'tokens';
}

/**
 * Resolves session ids and API tokens to their people, in the order given; `null` for a key that is unknown or has
 * ended. One statement reads all sessions, and one reads all tokens. The last use is stored later, in batches, and no
 * request waits for that.
 */
export function createResolver({ sessions, tokens, world, log, idleMs }: ResolverParts) {
  const uses = new BatchQueue<Use>(world, { lanes: 1, maxBatch: 500 }, (batch) => touch(batch).catch(warn));

  async function touch(batch: readonly Use[]): Promise<void> {
    const hashes = (kind: Use['kind']) => batch.filter((use) => use.kind === kind).map(({ hash }) => hash);
    const [now, before] = [new Date(world.now()), new Date(world.now() - touchEveryMs)];
    for (const [kind, store] of Object.entries({ sessions, tokens })) {
      const used = hashes(kind as Use['kind']);
      if (used.length > 0) await store.touch(used, now, before);
    }
  }

  const warn = (err: unknown) => log.warn({ err }, 'could not store when sessions or tokens were last used');

  async function find(keys: readonly string[], kind: Use['kind'], query: (hashes: Buffer[]) => Promise<Found>) {
    const hashes = keys.map(tokenHash);
    const found = hashes.length === 0 ? [] : await query(hashes);
    const before = world.now() - touchEveryMs;
    for (const [index, resolved] of found.entries()) {
      const hash = hashes[index];
      const isStale = resolved !== null && (resolved.usedAt === null || resolved.usedAt.getTime() <= before);
      if (isStale && hash !== undefined) uses.push({ hash, kind });
    }
    return new Map(keys.map((key, index) => [key, found[index]?.person ?? null]));
  }

  return async function resolve(keys: readonly string[]): Promise<readonly (Person | null)[]> {
    const now = new Date(world.now());
    const idleSince = new Date(world.now() - idleMs);
    const sessionIds = keys.filter((key) => !isToken(key));
    const [bySession, byToken] = await Promise.all([
      find(sessionIds, 'sessions', (hashes) => sessions.findByHash(hashes, now, idleSince)),
      find(keys.filter(isToken), 'tokens', (hashes) => tokens.findByHash(hashes, now)),
    ]);
    return keys.map((key) => (isToken(key) ? byToken : bySession).get(key) ?? null);
  };
}

type Found = readonly (Resolved | null)[];
