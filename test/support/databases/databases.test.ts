import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import pg from 'pg';
import { NoPostgres } from '../../../programs/cluster/postgres-binaries.ts';
import { bothDatabases, skipWithoutPostgres } from './databases.ts';
import { startPostgres } from './postgres.ts';

bothDatabases((kind, open) => {
  test('each opened database is new and empty', async () => {
    const [one, other] = [await open(), await open()];
    await one.query('create table here (id bigint)');
    const rows = await other.query("select relname from pg_class where relname = 'here'");
    assert.deepEqual(rows, []);
  });

  test('it is of the requested kind, and stores text as UTF-8', async () => {
    const [row] = await (await open()).query<{ version: string; kept: string }>(
      "select version(), convert_from(convert_to($1, 'UTF8'), 'UTF8') as kept",
      ['Åsa Öberg 🏃'],
    );
    assert.equal(/wasm|emcc|Emscripten/i.test(row?.version ?? ''), kind === 'PGlite', row?.version);
    assert.equal(row?.kept, 'Åsa Öberg 🏃');
  });
});

describe('a PostgreSQL server for tests', { skip: skipWithoutPostgres }, () => {
  test('a durable server keeps its commits when it is killed, and leaves no files behind after its removal', async () => {
    const server = await startPostgres({ durable: true, settings: { work_mem: '5MB' } });
    const ask = (text: string) => askOnce(server.url, text);
    await ask('create table kept (id int); insert into kept values (1)');
    await server.kill();
    await assert.rejects(ask('select 1'), { code: 'ECONNREFUSED' });
    await server.start();
    assert.deepEqual(await ask('select id from kept'), [{ id: 1 }]);
    await server.restart('immediate');
    assert.deepEqual(await ask('select id from kept'), [{ id: 1 }]);
    assert.deepEqual(await ask('show work_mem'), [{ work_mem: '5MB' }]);
    await server.remove();
    assert.equal(existsSync(server.folder), false);
  });

  test('a server that cannot start gives the reason', async () => {
    await assert.rejects(startPostgres({ settings: { shared_buffers: 'plenty' } }), (error) => {
      assert.ok(error instanceof NoPostgres);
      assert.match(error.message, /invalid value for parameter "shared_buffers": "plenty"/);
      return true;
    });
  });
});

async function askOnce(url: string, text: string): Promise<object[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Runs a script that registers suites, without a PostgreSQL server. @returns the report of the run. */
function runWithoutPostgres(script: string, environment: Readonly<Record<string, string>> = {}): string {
  // Without these variables the inner run is independent, and does not report to the outer one.
  const hidden = /^(NODE_TEST_CONTEXT|TEST_DATABASE.*)$/;
  const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.test(name)));
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--test-reporter=spec', '-e', script], {
    cwd: import.meta.dirname,
    env: { ...rest, TEST_POSTGRES: 'none', ...environment },
    encoding: 'utf8',
  });
  return stdout;
}

const scriptWith = (register: string) => `
  import { test } from 'node:test';
  import { ${register} } from './databases.ts';
  ${register}((kind) => { test('on ' + kind, () => {}); });`;

test('without a PostgreSQL the PostgreSQL half of a database suite is skipped, and the report gives the reason', () => {
  const report = runWithoutPostgres(scriptWith('bothDatabases'));
  assert.match(report, /✔ on PGlite/);
  assert.match(report, /﹣ PostgreSQL .*# PostgreSQL: skipped, because TEST_POSTGRES is none/);
  assert.doesNotMatch(report, /on PostgreSQL/);
});

test('without a PostgreSQL a suite of a service runs on PGlite; with TEST_DATABASES it runs on the kinds named there', () => {
  assert.match(runWithoutPostgres(scriptWith('eachDatabase')), /✔ on PGlite/);
  const both = runWithoutPostgres(scriptWith('eachDatabase'), { TEST_DATABASES: 'both' });
  assert.match(both, /✔ on PGlite/);
  assert.match(both, /﹣ PostgreSQL .*# PostgreSQL: skipped/);
  const alone = runWithoutPostgres(scriptWith('eachDatabase'), { TEST_DATABASES: 'PostgreSQL' });
  assert.doesNotMatch(alone, /on PGlite/);
});
