import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { bothDatabases, type Open } from '../../test/support/databases/databases.ts';
import { OutcomeUnknown, Unavailable } from '../errors.ts';
import type { Database } from './database.ts';
import { type Migrations, migrate } from './migrate.ts';

const first = 'create table slot (id bigint primary key); insert into slot values (1);';
const second = "alter table slot add what text; update slot set what = 'it''s $1; {here}';";
const broken = 'insert into slot values (2); create table half (id bigint); insert into nowhere values (1);';

const home = mkdtempSync(join(tmpdir(), 'startlist-migrations-'));
after(() => rmSync(home, { recursive: true, force: true }));

/** Creates a folder of migrations from names and SQL texts. */
function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(home, 'm-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.sql`), text);
  return folder;
}

bothDatabases((_kind, open) => {
  const room = withRoom(open);
  versions(room);
  concurrentStarts(room);
  failures(room);
  traces(room);
});

type Room = ReturnType<typeof withRoom>;

/** The fixture of the suite: one database, and a schema of its own for each test. */
function withRoom(open: Open) {
  let database: Database;
  let schemas = 0;
  let schema: string;
  before(async () => {
    database = await open();
  });
  beforeEach(() => {
    schemas += 1;
    schema = `room_${schemas}`;
  });

  return {
    get database() {
      return database;
    },
    get schema() {
      return schema;
    },
    files: (all: Record<string, string>): Migrations => ({ schema, folder: folderOf(all) }),
    async tables(): Promise<string[]> {
      const text = 'select table_name as name from information_schema.tables where table_schema = $1 order by 1';
      return (await database.query<{ name: string }>(text, [schema])).map(({ name }) => name);
    },
  };
}

function versions(room: Room): void {
  test('each file is applied once to the schema, in the order of the numbers', async () => {
    const both = room.files({ '0002-what': second, '0001-slots': first });
    assert.deepEqual(await migrate(room.database, both), ['0001-slots', '0002-what']);
    assert.deepEqual(await migrate(room.database, both), []);
    assert.deepEqual(await room.tables(), ['migration', 'slot']);
    assert.deepEqual(await room.database.query(`select * from ${room.schema}.slot`), [
      { id: 1, what: "it's $1; {here}" },
    ]);
  });

  test('a newer version applies only the new files', async () => {
    await migrate(room.database, room.files({ '0001-slots': first }));
    assert.deepEqual(await migrate(room.database, room.files({ '0001-slots': first, '0002-what': second })), [
      '0002-what',
    ]);
  });

  test('an older version starts on a schema with newer migrations', async () => {
    await migrate(room.database, room.files({ '0001-slots': first, '0002-what': second }));
    assert.deepEqual(await migrate(room.database, room.files({ '0001-slots': first })), []);
  });
}

function concurrentStarts(room: Room): void {
  test('ten processes start at once: one applies each file, and all continue with the same tables', async () => {
    const both = room.files({ '0001-slots': first, '0002-what': second });
    const applied = await Promise.all(Array.from({ length: 10 }, () => migrate(room.database, both)));
    assert.deepEqual(applied.flat().sort(), ['0001-slots', '0002-what']);
    assert.deepEqual(await room.database.query(`select id from ${room.schema}.slot`), [{ id: 1 }]);
  });

  test('four services that start at once on one database each migrate their own schema', async () => {
    const rooms = ['a', 'b', 'c', 'd'].map((letter) => ({
      ...room.files({ '0001-slots': first }),
      schema: `${room.schema}_${letter}`,
    }));
    assert.deepEqual(
      await Promise.all(rooms.map((each) => migrate(room.database, each))),
      Array(4).fill(['0001-slots']),
    );
    for (const { schema } of rooms) {
      assert.deepEqual(await room.database.query(`select id from ${schema}.slot`), [{ id: 1 }]);
    }
  });
}

function failures(room: Room): void {
  test('a broken file stops the migration with its error: earlier files stay applied, the broken one is rolled back', async () => {
    const all = { '0001-slots': first, '0002-half': broken, '0003-what': second };
    await assert.rejects(migrate(room.database, room.files(all)), {
      code: '42P01',
      message: /relation "nowhere" does not exist/,
    });
    assert.deepEqual(await room.tables(), ['migration', 'slot']);
    assert.deepEqual(await room.database.query(`select * from ${room.schema}.slot`), [{ id: 1 }]);
    const mended = { ...all, '0002-half': 'create table half (id bigint);' };
    assert.deepEqual(await migrate(room.database, room.files(mended)), ['0002-half', '0003-what']);
  });

  test('a connection that breaks after any statement makes the migration Unavailable', async () => {
    const both = room.files({ '0001-slots': first, '0002-what': second });
    let isOver = false;
    for (let lasts = 0; !isOver; lasts += 1) {
      let asked = 0;
      const breaking: Database = {
        ...room.database,
        connection: (work) =>
          room.database.connection((connection) => {
            const orBreak = <Result>(ask: () => Promise<Result>) => {
              asked += 1;
              return asked > lasts ? Promise.reject(new OutcomeUnknown('read ECONNRESET')) : ask();
            };
            return work({
              query: (text, values) => orBreak(() => connection.query(text, values)),
              script: (text) => orBreak(() => connection.script(text)),
            });
          }),
      };
      await migrate(breaking, both).then(
        () => {
          isOver = true;
        },
        (error) => assert.ok(error instanceof Unavailable, `after ${lasts} statements: ${error}`),
      );
    }
    assert.deepEqual(await room.tables(), ['migration', 'slot']);
  });
}

/** Settings and locks that a migration must not leave behind on its connection. */
function traces(room: Room): void {
  test('the search path is restored, after a failure too', async () => {
    const searchPath = () => room.database.query('show search_path');
    const before = await searchPath();
    await migrate(room.database, room.files({ '0001-slots': first }));
    assert.deepEqual(await searchPath(), before);
    await assert.rejects(migrate(room.database, room.files({ '0001-slots': first, '0002-half': broken })));
    assert.deepEqual(await searchPath(), before);
  });

  test('migrations leave no advisory lock behind', async () => {
    await migrate(room.database, room.files({ '0001-slots': first }));
    // Only locks in this database: other tests hold locks in other databases of the same server.
    const locks = `
      select 1 from pg_locks
       where locktype = 'advisory'
         and database = (select oid from pg_database where datname = current_database())`;
    assert.deepEqual(await room.database.query(locks), []);
  });
}
