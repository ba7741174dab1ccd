import { createHash } from 'node:crypto';
import * as argon2 from '@node-rs/argon2';
import { BatchQueue } from '../platform/batch.ts';
import { Unavailable } from '../platform/errors.ts';
import { tokenOf } from '../platform/http/credentials.ts';
import type { World } from '../platform/world.ts';

/**
 * argon2id with 19 MiB of memory, 2 passes and 1 thread: 11 ms of one core a password.
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
const cost = { algorithm: 2 satisfies argon2.Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password that nobody knows, at the cost above. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$nTmZ+Z5qUoAOSOehkERrpg$RGZmjdKuvr8iH9sy7f8CvcIAQaVJcV2P39X/xew9elo';

/** Half of the threads that Node has for such work: a storm of logins leaves the others to files and name look-ups. */
const atOnce = 2;
/** About two seconds of work. Whoever comes later is better served by an answer than by a place in the queue. */
const mostWaiting = 256;

/** What hashes: argon2, or a test's stand-in. Both work off the event loop. */
export type Hashing = Pick<typeof argon2, 'hash' | 'verify'>;

/** Whose password fits. */
export interface Credentials {
  /**
   * To be called before anything is looked up for a password that will have to be checked: in a storm of logins those
   * who can't be served shall cost the database nothing.
   * @throws Unavailable when too many wait already.
   */
  checkRoom(): void;
  /** @returns the password's hash as a PHC string. @throws Unavailable when too many wait already. */
  hash(password: string): Promise<string>;
  /**
   * Says whether a password is the one that was hashed. Without a hash none is, and finding that out takes the same
   * work: the time of an answer doesn't tell which logins exist.
   * @throws Unavailable when too many wait already.
   */
  fits(password: string, hash: string | null | undefined): Promise<boolean>;
  /** Whether a hash was made at a lower cost than hashes are made now. */
  isOutdated(hash: string): boolean;
}

export function createCredentials(world: World, hashing: Hashing = argon2): Credentials {
  const queue = new BatchQueue<() => Promise<void>>(world, { lanes: atOnce, maxBatch: 1 }, async ([work]) => work?.());

  function checkRoom(): void {
    if (queue.waiting >= mostWaiting) throw new Unavailable('too many passwords wait to be checked');
  }

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    checkRoom();
    return new Promise((resolve, reject) => queue.push(() => work().then(resolve, reject)));
  }

  return {
    checkRoom,
    hash: async (password) => inTurn(() => hashing.hash(composed(password), cost)),
    async fits(password, hash) {
      const fit = await inTurn(() => hashing.verify(hash ?? nobodysHash, composed(password)));
      return fit && typeof hash === 'string';
    },
    isOutdated(hash) {
      const { algorithm, memoryCost, timeCost } = argon2.parseOptions(hash);
      return algorithm !== cost.algorithm || memoryCost < cost.memoryCost || timeCost < cost.timeCost;
    },
  };
}

/** One keyboard sends `é` as one character, another as two: NFC makes them one password. Nothing else is evened out. */
const composed = (password: string) => password.normalize('NFC');

/**
 * What makes a login this person's and nobody else's: `Admin`, ` admin` and `ａｄｍｉｎ` are one. NFKC comes again after
 * lower-casing, which may leave characters that compose.
 */
export function loginKey(login: string): string {
  return login.normalize('NFKC').toLowerCase().normalize('NFKC').trim();
}

/** Draws an API token: 122 random bits, as a session's id has. */
export const drawToken = (world: World) => tokenOf(digits(world));

/** Draws a token for the reset of a password. */
export const drawResetToken = (world: World) => `slr_${digits(world)}`;

const digits = (world: World) => world.uuid().replaceAll('-', '');

/**
 * What is stored of a session's id or a token. One round of SHA-256 is enough: a key has 122 random bits, so there is nothing to
 * guess, unlike a password.
 */
export function tokenHash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
