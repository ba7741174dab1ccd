import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as argon2 from '@node-rs/argon2';
import fc from 'fast-check';
import { Unavailable } from '../platform/errors.ts';
import { realWorld } from '../platform/world.ts';
import { createCredentials, type Hashing, loginKey, tokenHash } from './credentials.ts';

const world = realWorld();
const credentials = createCredentials(world);

/** Fake hashing that takes 2 ms, and counts the concurrent calls. */
function countedHashing() {
  const count = { underWay: 0, most: 0, verified: [] as string[] };
  async function work<Result>(result: Result): Promise<Result> {
    count.underWay += 1;
    count.most = Math.max(count.most, count.underWay);
    await sleep(2);
    count.underWay -= 1;
    return result;
  }
  const verify = (hash: string) => {
    count.verified.push(hash);
    return work(hash === 'fitting');
  };
  return { count, hashing: { hash: () => work('hash'), verify } as unknown as Hashing };
}

test('a hash is a PHC string of argon2id at the cost that OWASP recommends, and each is unique', async () => {
  const [one, two] = await Promise.all([credentials.hash('secret'), credentials.hash('secret')]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/);
  assert.notEqual(one, two);
});

test('only the hashed password fits', async () => {
  const hash = await credentials.hash('open sesame');
  assert.equal(await credentials.fits('open sesame', hash), true);
  for (const other of ['Open sesame', 'open sesame ', ' open sesame', 'open  sesame', 'open', 'open sesame\0', ''])
    assert.equal(await credentials.fits(other, hash), false, JSON.stringify(other));
});

test('a password of any characters fits itself, in any composition of its accents', async () => {
  const hash = await credentials.hash('caf\u00e9 \u{1f511} \0 ключ');
  assert.equal(await credentials.fits('cafe\u0301 \u{1f511} \0 ключ', hash), true);
  // The full-width letter must not match the plain letter; the normalization NFKC would make them equal.
  assert.equal(await credentials.fits('cafｅ\u0301 \u{1f511} \0 ключ', hash), false);
});

test('without a hash no password fits, after the same work as for a wrong one', async () => {
  const { count, hashing } = countedHashing();
  const counted = createCredentials(world, hashing);
  const answers = await Promise.all(['fitting', 'wrong', null, undefined].map((hash) => counted.fits('x', hash)));
  assert.deepEqual(answers, [true, false, false, false]);
  const [, , forNull = '', forUnknown = ''] = count.verified;
  assert.equal(count.verified.length, 4);
  assert.equal(forNull, forUnknown);
  assert.deepEqual(argon2.parseOptions(forUnknown), argon2.parseOptions(await credentials.hash('x')));
});

test('a storm of logins hashes two passwords at a time', async () => {
  const { count, hashing } = countedHashing();
  const counted = createCredentials(world, hashing);
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? counted.hash('x') : counted.fits('x', null))),
  );
  assert.equal(count.most, 2);
});

test('with 256 waiting, the next is refused at once and the others are served', async () => {
  const { hashing } = countedHashing();
  const counted = createCredentials(world, hashing);
  const asked = await Promise.allSettled(Array.from({ length: 300 }, () => counted.hash('x')));
  const refused = asked.filter((answer) => answer.status === 'rejected');
  assert.equal(refused.length, 300 - 256);
  for (const { reason } of refused) assert.ok(reason instanceof Unavailable);
  assert.equal(await counted.hash('x'), 'hash');
});

test('an invalid hash is a failure, and the queue continues', async () => {
  for (let time = 0; time < 3; time += 1) await assert.rejects(credentials.fits('x', 'no hash at all'));
  assert.equal(await credentials.fits('x', await credentials.hash('x')), true);
});

test('hashing does not block the event loop', async () => {
  const before = performance.eventLoopUtilization();
  await Promise.all(Array.from({ length: 20 }, () => credentials.hash('x')));
  // Hashing in the event loop would keep the loop busy all the time. Hashing in other threads leaves it nearly idle.
  const { utilization } = performance.eventLoopUtilization(before);
  assert.ok(utilization < 0.5, `the event loop was busy for ${utilization} of the time`);
});

test('Admin, ADMIN and a full-width admin are one login', () => {
  for (const login of ['Admin', 'ADMIN', 'ａｄｍｉｎ', 'ＡＤＭＩＮ']) assert.equal(loginKey(login), 'admin');
  assert.equal(loginKey('ЁЖИК'), loginKey('е\u0308жик'));
  assert.notEqual(loginKey('admin'), loginKey('admin1'));
});

test('the key of a login is its own key', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (login) => loginKey(loginKey(login)) === loginKey(login)));
  fc.assert(fc.property(fc.string(), (login) => loginKey(login.toUpperCase()) === loginKey(login)));
});

test('a session id is stored as its SHA-256', () => {
  // The SHA-256 hash of "abc", from FIPS 180-4.
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.equal(tokenHash('abc').toString('hex'), abc);
});
