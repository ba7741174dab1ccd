import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPglite } from '../database/pglite.ts';
import { createLog } from './log.ts';

test('an error is logged with its causes, and without the values that a database attaches', async () => {
  const database = await openPglite();
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  await database.query('create table person (hash text, age integer check (age > 0))');
  await database.query('insert into person values ($1, $2)', ['the hash of a password', 0]).catch((cause) => {
    log.error({ err: new Error('signing up failed', { cause }), password: 'a password' }, 'no');
  });
  await database.close();
  const [entry] = lines.map((line) => JSON.parse(line));
  assert.equal(entry.err.message, 'signing up failed');
  assert.equal(entry.err.cause.code, '23514');
  assert.equal(entry.password, '[hidden]');
  assert.doesNotMatch(lines.join(), /a password/);
});
