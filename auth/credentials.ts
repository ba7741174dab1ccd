import { createHash } from 'node:crypto';
import * as argon2 from '@node-rs/argon2';
import { BatchQueue } from '../platform/batch.ts';
import { Unavailable } from '../platform/errors.ts';
import { tokenOf } from '../platform/http/credential-formats.ts';
import type { World } from '../platform/world.ts';

/**
 * argon2id with 19 MiB of memory, 2 passes and 1 thread: 11 ms of one core for each password.
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
const cost = { algorithm: 2 satisfies argon2.Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * The hash of an unknown password at the cost above. It is compared when the login does not exist or has no password.
 */
const dummyHash = '$argon2id$v=19$m=19456,t=2,p=1$nTmZ+Z5qUoAOSOehkERrpg$RGZmjdKuvr8iH9sy7f8CvcIAQaVJcV2P39X/xew9elo';

/** The number of passwords hashed at once: half of Node's thread pool, which leaves the other half to files and DNS. */
const atOnce = 2;
/** The maximum length of the queue: about two seconds of work. Beyond that, a prompt 503 is better than waiting. */
const maxWaiting = 256;

/** argon2, or a substitute in tests. */
export type Hashing = Pick<typeof argon2, 'hash' | 'verify'>;

export interface Credentials {
  /**
   * Checks that the queue has room. Call this before reading the person: in a flood of logins, the rejected ones then
   * cost the database nothing.
   * @throws Unavailable when the queue is full.
   */
  checkRoom(): void;
  /** @returns the password's hash as a PHC string. @throws Unavailable when the queue is full. */
  hash(password: string): Promise<string>;
  /**
   * Whether a password matches a hash. Without a hash the result is false, after the same time, so that response times
   * do not reveal which logins exist.
   * @throws Unavailable when the queue is full.
   */
  fits(password: string, hash: string | null | undefined): Promise<boolean>;
  /** Whether a hash was made at a lower cost than today's. */
  isOutdated(hash: string): boolean;
}

export function createCredentials(world: World, hashing: Hashing = argon2): Credentials {
  const queue = new BatchQueue<() => Promise<void>>(world, { lanes: atOnce, maxBatch: 1 }, async ([work]) => work?.());

  function checkRoom(): void {
    if (queue.waiting >= maxWaiting) throw new Unavailable('too many passwords are waiting to be checked');
  }

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    checkRoom();
    return new Promise((resolve, reject) => queue.push(() => work().then(resolve, reject)));
  }

  return {
    checkRoom,
    hash: async (password) => inTurn(() => hashing.hash(composed(password), cost)),
    async fits(password, hash) {
      const fit = await inTurn(() => hashing.verify(hash ?? dummyHash, composed(password)));
      return fit && typeof hash === 'string';
    },
    isOutdated(hash) {
      const { algorithm, memoryCost, timeCost } = argon2.parseOptions(hash);
      return algorithm !== cost.algorithm || memoryCost < cost.memoryCost || timeCost < cost.timeCost;
    },
  };
}

/** One keyboard sends `é` as one character, another as two: NFC makes them the same password. */
const composed = (password: string) => password.normalize('NFC');

/**
 * The unique form of a login: `Admin`, ` admin` and `ａｄｍｉｎ` are one login. NFKC is applied again after lower-casing,
 * which may leave characters that compose.
 */
export function loginKey(login: string): string {
  return login.normalize('NFKC').toLowerCase().normalize('NFKC').trim();
}

/** An API token: 122 random bits, like a session id. */
export const drawToken = (world: World) => tokenOf(digits(world));

export const drawResetToken = (world: World) => `slr_${digits(world)}`;

const digits = (world: World) => world.uuid().replaceAll('-', '');

/**
 * The stored form of a session id or a token. One round of SHA-256 is enough: unlike a password, 122 random bits cannot
 * be guessed.
 */
export function tokenHash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
