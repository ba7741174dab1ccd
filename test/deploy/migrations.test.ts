import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSources } from '../support/sources.ts';

/** The migrations that make up the schema of the first version. They never run next to an older version. */
const first = new Set([
  'account/migrations/0001-accounts-and-transfers.sql',
  'auth/migrations/0001-people-and-sessions.sql',
  'book/migrations/0001-bookings.sql',
  'events/migrations/0001-events-and-slots.sql',
  'events/migrations/0002-canceled-events.sql',
]);

/** Statements that break an older version that still runs during the upgrade. */
const contractions: readonly [what: string, pattern: RegExp][] = [
  ['drops something', /\bdrop (?!not null|default|index)/],
  ['renames something', /\brename\b/],
  ['changes a type', /\balter column \w+ (set data )?type\b/],
  ['requires a value', /\balter column \w+ set not null\b/],
  ['requires a value of a new column that has no default', /\badd column (?!.*\bdefault\b).*\bnot null\b/],
  [
    'adds a constraint to a table that is written',
    /\balter table [^;]*\badd (constraint|check|unique|foreign|exclude)\b/,
  ],
  ['allows less than before', /\bcreate unique index\b/],
  ['deletes rows', /(?<!\bor )\btruncate\b|\bdelete from\b/],
];

/**
 * Replaces a constraint by one of the same name, without validating existing rows. The author of the migration must
 * ensure that the new constraint allows more than the old one.
 */
const widening = /drop constraint (\w+), add constraint \1 [^,;]*?(\([^;]*?\))? not valid/g;

/** A migration that drops what an earlier version stopped using. Its file name and its first line declare this. */
const isContraction = /\/\d{4}-contract-[\w-]+\.sql$/;
const saysSinceWhen = /^-- Unused since \d+\.\d+\.\d+: \S/;

/** Finds the statements of a migration that break the previous version while both run. */
function findBreaking(path: string, text: string): string[] {
  if (first.has(path)) return [];
  if (isContraction.test(path)) {
    return saysSinceWhen.test(text) ? [] : [`${path}: its first line must be "-- Unused since 1.2.3: what"`];
  }
  const statements = text
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').toLowerCase().replaceAll(widening, ''));
  return contractions
    .filter(([, pattern]) =>
      statements
        .filter((statement) => !isOfNewColumn(statement, statements))
        .some((statement) => statement.split(', add ').some(isBroken(statement, pattern))),
    )
    .map(([what]) => `${path}: it ${what} (docs/decisions/migrations-at-start.md)`);
}

/** True for a unique index on a new column. An older version leaves the column null, so its rows are not refused. */
function isOfNewColumn(statement: string, statements: readonly string[]): boolean {
  const [, table, column] = /create unique index \w+ on (\w+) \((\w+)\) where \2 is not null/.exec(statement) ?? [];
  return statements.some((each) => each.includes(`alter table ${table} `) && each.includes(`add column ${column} `));
}

/** Checks each added column separately, because a default belongs to one column only. */
function isBroken(statement: string, pattern: RegExp): (part: string, index: number) => boolean {
  const [head = ''] = statement.split(', add ');
  return (part, index) => pattern.test(index === 0 ? part : `${/alter table \S+ /.exec(head)?.[0] ?? ''}add ${part}`);
}

describe('old and new versions run side by side', () => {
  test('no migration removes what the previous version uses', () => {
    const migrations = readSources('{auth,events,account,book}/migrations/*.sql');
    assert.ok(migrations.size >= first.size);
    assert.deepEqual(
      [...migrations].flatMap(([path, text]) => findBreaking(path, text)),
      [],
    );
  });

  const allowed = [
    'alter table booking add column note text;',
    "alter table booking add column kind text not null default 'plain', add column note text;",
    'create table waiting (id bigint primary key, unique (id));',
    'create index booking_note on booking (note);',
    'alter table booking add column note text; create unique index n on booking (note) where note is not null;',
    "alter table booking drop constraint kind_check, add constraint kind_check check (kind in ('a', 'b')) not valid;",
    'drop index booking_note;',
    'alter table booking alter column price drop not null;',
    'update booking set note = null; -- drop table booking',
  ];
  for (const text of allowed) {
    test(`allowed: ${text}`, () => assert.deepEqual(findBreaking('book/migrations/0002-more.sql', text), []));
  }

  const refused: [text: string, found: RegExp][] = [
    ['drop table booking;', /drops something/],
    ['alter table booking\n  drop column price;', /drops something/],
    ['alter table booking rename column price to amount;', /renames something/],
    ['alter table booking alter column price type numeric;', /changes a type/],
    ['alter table booking alter column price set not null;', /requires a value/],
    ["alter table booking add column a text default 'x', add column note text not null;", /new column/],
    ['alter table booking add column a text, add constraint b check (a is not null);', /adds a constraint/],
    ['alter table booking drop constraint a, add constraint b check (price > 0) not valid;', /drops something/],
    ['alter table booking drop constraint a, add constraint a check (price > 0);', /adds a constraint/],
    ['create unique index one_each on booking (person_id, event_id);', /allows less/],
    ['create unique index one_each on booking (price) where price is not null;', /allows less/],
    ['DELETE FROM booking;', /deletes rows/],
  ];
  for (const [text, found] of refused) {
    test(`refused: ${text.replaceAll(/\s+/g, ' ')}`, () => {
      assert.match(findBreaking('book/migrations/0002-more.sql', text).join(), found);
    });
  }

  test('a later version may remove it, in a file that states since when it is unused', () => {
    const path = 'book/migrations/0003-contract-price.sql';
    assert.deepEqual(
      findBreaking(path, '-- Unused since 0.2.0: amount replaced it.\nalter table booking drop price;'),
      [],
    );
    assert.match(findBreaking(path, 'alter table booking drop price;').join(), /Unused since/);
  });
});
