import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import type { Person } from '../../contracts/auth/calls.ts';
import { pause, realWorld } from '../../platform/world.ts';
import { tokenHash } from '../credentials.ts';
import { createResolver } from './resolve.ts';
import type { Resolved, SessionStore } from './session-store.ts';
import type { TokenStore } from './token-store.ts';

const minuteMs = 60_000;
const [sessionOfAda, sessionOfBob] = ['00000001-0000-4000-8000-000000000000', '00000002-0000-4000-8000-000000000000'];
const tokenOfAda = `slt_${'a'.repeat(32)}`;
const ada = { id: 1, login: 'Ada', role: 'person', email: '', firstName: '', lastName: '' } as const;
const bob: Person = { ...ada, id: 2, login: 'Bob' };

/** Fake stores with fixed content, which record their calls. */
function countedResolver(usedAt: Date | null) {
  const asked: string[] = [];
  const touched: string[] = [];
  const resolved = (person: Person): Resolved => ({ person, usedAt });
  const store = (kind: string, people: Readonly<Record<string, Person>>) => {
    const byHash = new Map(Object.entries(people).map(([key, person]) => [tokenHash(key).toString('hex'), person]));
    const resolvedOf = (person: Person | undefined) => (person === undefined ? null : resolved(person));
    return {
      async findByHash(hashes: readonly Buffer[]) {
        asked.push(`${kind} ${hashes.length}`);
        return hashes.map((hash) => resolvedOf(byHash.get(hash.toString('hex'))));
      },
      async touch(hashes: readonly Buffer[]) {
        touched.push(`${kind} ${hashes.length}`);
      },
    };
  };
  const sessions = store('sessions', { [sessionOfAda]: ada, [sessionOfBob]: bob });
  const tokens = store('tokens', { [tokenOfAda]: { ...ada, scopes: ['events:read'] } });
  const world = { ...realWorld(), now: () => 100 * minuteMs };
  const resolve = createResolver({
    sessions: sessions as unknown as SessionStore,
    tokens: tokens as unknown as TokenStore,
    world,
    log: pino({ level: 'silent' }),
    idleMs: 60 * minuteMs,
  });
  return { resolve, asked, touched };
}

const logins = (people: readonly (Person | null)[]) => people.map((person) => person?.login);

test('a batch of sessions is one statement, and a batch with tokens two', async () => {
  const { resolve, asked } = countedResolver(new Date(99 * minuteMs));
  assert.deepEqual(logins(await resolve([sessionOfBob, 'unknown', sessionOfAda])), ['Bob', undefined, 'Ada']);
  assert.deepEqual(asked.splice(0), ['sessions 3']);
  const people = await resolve([tokenOfAda, sessionOfBob, `slt_${'0'.repeat(32)}`]);
  assert.deepEqual(logins(people), ['Ada', 'Bob', undefined]);
  assert.deepEqual(people[0]?.scopes, ['events:read']);
  assert.deepEqual(asked, ['sessions 1', 'tokens 2']);
});

test('a use is stored when the last one is five minutes old, in batches', async () => {
  const fresh = countedResolver(new Date(96 * minuteMs));
  await fresh.resolve([sessionOfAda, tokenOfAda]);
  await pause(realWorld(), 10);
  assert.deepEqual(fresh.touched, []);
  const stale = countedResolver(new Date(95 * minuteMs));
  await stale.resolve([sessionOfAda, sessionOfBob, tokenOfAda, 'unknown']);
  await pause(realWorld(), 10);
  assert.deepEqual(stale.touched, ['sessions 2', 'tokens 1']);
});
