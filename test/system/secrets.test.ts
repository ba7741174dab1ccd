import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProgram } from '../support/program.ts';
import { noteKeysIn, notePasswordsIn, secretsIn } from '../support/secrets.ts';
import { expect, signIn, signInAdmin } from '../support/system.ts';

test('the guard finds a session, a token, a password and a hash, and mistakes no other id for one', () => {
  const [session, other] = ['00000001-0000-4000-8000-00000000000a', '00000002-0000-4000-8000-00000000000b'];
  noteKeysIn(`session_id=${session}; Path=/`);
  notePasswordsIn({ login: 'ada', password: 'open sesame!' });
  assert.deepEqual(secretsIn(`{"msg":"no","id":"${other}","login":"ada"}`), []);
  assert.deepEqual(secretsIn(`{"id":"${session}"}`), ['00000001…']);
  assert.deepEqual(secretsIn(`slt_${'a'.repeat(32)} $argon2id$v=19`), ['slt_aaaa…', '$argon2…']);
  assert.deepEqual(secretsIn('{"body":"open sesame!"}'), ['open ses…']);
});

test('a Startlist at the most verbose log level writes no password, session or token, even when requests fail', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-secrets-'));
  const program = startProgram({ DATA_DIR: folder, LOG_LEVEL: 'trace' });
  try {
    const client = await program.ready;
    const person = { login: 'ada', password: 'the password of ada', email: '', first_name: '', last_name: '' };
    await expect(201, client.ask('POST', '/register', { body: person }));
    const { id, cookie } = await signIn(client, person.login, person.password);
    const body = { name: 'x', scopes: ['account:read'] };
    const { token } = await expect<{ token: string }>(201, client.ask('POST', '/auth/tokens', { cookie, body }));
    const headers = { authorization: `Bearer ${token}` };
    await expect(200, client.ask('GET', '/account/get', { headers }));
    await client.ask('POST', '/book/create', { headers, body: { event_id: 1 } });
    await client.ask('POST', '/login', { body: { ...person, remember: true } });
    await client.ask('POST', `/login?password=${encodeURIComponent(person.password)}`, { body: '{' });
    await client.ask('GET', `/nothing/${token}?session_id=${cookie}`, { cookie, headers });
    const change = { old_password: person.password, new_password: 'her second password' };
    await expect(200, client.ask('POST', '/auth/password', { cookie, body: change }));
    const admin = await signInAdmin(client);
    const issued = client.ask('POST', `/auth/people/${id}/reset`, { cookie: admin.cookie });
    const reset = await expect<{ token: string }>(201, issued);
    await client.ask('GET', `/reset?token=${reset.token}`);
    const anew = { token: reset.token, new_password: 'her third password' };
    await expect(200, client.ask('POST', '/auth/reset', { body: anew }));
    await program.end('SIGTERM');
    const { stdout, stderr } = program.written;
    assert.ok(stdout.length > 100);
    assert.deepEqual(secretsIn(stdout + stderr), []);
  } finally {
    await program.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
