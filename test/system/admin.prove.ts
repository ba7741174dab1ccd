import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { lockFolder } from '../../platform/database/lock.ts';
import { createEmptyDatabase, skipWithoutPostgres } from '../support/databases/databases.ts';
import { keptEnvironment, startProgram } from '../support/program.ts';
import { root } from '../support/sources.ts';
import { type Client, signIn } from '../support/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'startlist-admin-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function admin(environment: Record<string, string>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...keptEnvironment(), ...environment }, cwd: folder };
    execFile(process.execPath, [join(root, 'programs/admin/main.ts'), ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const tokenIn = ({ stdout }: Ended) => /\bslr_[0-9a-f]{32}\b/.exec(stdout)?.[0] ?? '';

async function setPassword(client: Client, token: string, password: string): Promise<number> {
  const answer = await client.ask('POST', '/auth/reset', { body: { token, new_password: password } });
  return answer.status;
}

test('on the embedded database it is refused in one line while Startlist runs, and the token it makes afterwards works', async () => {
  const environment = { DATA_DIR: join(folder, 'data') };
  const first = startProgram(environment);
  await first.ready;
  const refused = await admin(environment, 'reset-password');
  assert.deepEqual([refused.code, refused.stdout], [1, '']);
  assert.match(refused.stderr, /^npm run admin: the folder \S+ is in use by another Startlist: stop it first\n$/);
  await first.end('SIGTERM');

  const ended = await admin(environment, 'reset-password');
  assert.equal(ended.code, 0, ended.stderr);
  const second = startProgram(environment);
  const client = await second.ready;
  assert.equal(await setPassword(client, tokenIn(ended), 'a new password'), 200);
  assert.equal((await signIn(client, 'admin', 'a new password')).id, 1);
  await assert.rejects(signIn(client, 'admin', 'password'));
  await second.end('SIGTERM');
});

test('on a PostgreSQL server it works while Startlist runs, for any login', { skip: skipWithoutPostgres }, async () => {
  const database = await createEmptyDatabase();
  const environment = { DATABASE_URL: database.url };
  const nothing = await admin(environment, 'reset-password');
  assert.match(nothing.stderr, /^npm run admin: there is no Startlist in this database\n$/);
  const program = startProgram(environment);
  const client = await program.ready;
  const ended = await admin(environment, 'reset-password', '--login', 'USER');
  assert.equal(await setPassword(client, tokenIn(ended), 'a new password'), 200);
  assert.equal((await signIn(client, 'user', 'a new password')).id, 2);
  const nobody = await admin(environment, 'reset-password', '--login', 'nobody');
  assert.match(nobody.stderr, /^npm run admin: there is no person with the login nobody\n$/);
  await program.end('SIGTERM');
  await database.drop();
});

test('wrong arguments change nothing and end with one line and exit code 2; a database error with 1', async () => {
  const empty = { DATA_DIR: join(folder, 'empty') };
  for (const [args, exitCode, words] of [
    [['reset-password'], 1, /there is no embedded database in/],
    [[], 2, /the only command is reset-password/],
    [['reset-password', 'user'], 2, /the only command is/],
    [['reset-password', '--logni', 'x'], 2, /Unknown option/],
  ] as const) {
    const { code, stdout, stderr } = await admin(empty, ...args);
    assert.deepEqual([code, stdout], [exitCode, '']);
    assert.match(stderr, words);
    assert.match(stderr, /^npm run admin: [^\n]+\n$/);
  }
  const away = await admin({ DATABASE_URL: 'postgres://x:secret@127.0.0.1:1/x' }, 'reset-password');
  assert.match(away.stderr, /^npm run admin: the database can't be used: [^\n]+\n$/);
  assert.doesNotMatch(away.stderr, /secret/);
});

test('with npm run services it prints how to reach that database, whether the services run or not', async () => {
  const DATA_DIR = join(folder, 'services');
  mkdirSync(join(DATA_DIR, 'postgres'), { recursive: true });
  const stopped = await admin({ DATA_DIR }, 'reset-password');
  assert.match(
    stopped.stderr,
    /DATABASE_URL="postgres:\/\/postgres:\$\(cat \S+postgres-password\)@127\.0\.0\.1:PORT\/startlist"/,
  );

  mkdirSync(join(DATA_DIR, 'pglite'));
  writeFileSync(join(DATA_DIR, 'postgres', 'postmaster.pid'), '1\n/data\n2\n54321\n');
  const lock = lockFolder(DATA_DIR);
  const running = await admin({ DATA_DIR }, 'reset-password');
  lock.release();
  assert.match(
    running.stderr,
    /of npm start, stop it first; to use the database of npm run services, .+@127\.0\.0\.1:54321\/startlist"\n$/,
  );
  assert.deepEqual([stopped.code, running.code], [1, 1]);
});
