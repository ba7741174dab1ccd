import type { Connection, Database } from '../../../platform/database/database.ts';

/** The services whose databases are restored in tests, with their tables. */
const tables = {
  events: ['event', 'slot'],
  account: ['account', 'transfer', 'payment'],
  book: ['booking'],
} as const;
export type Copied = keyof typeof tables;

/** The tables whose ids come from a sequence. */
const numbered = ['event', 'transfer', 'booking'];

/** Copies all tables of a service and their sequences as of one moment, as a backup does. */
export async function copyTables(database: Database, service: Copied): Promise<void> {
  await database.connection(async (connection) => {
    const copies = tables[service].map(
      (table) => `create table copy_${service}.${table} as table ${service}.${table};`,
    );
    const sequences = numberedOf(service).map(
      (table) => `create table copy_${service}.${table}_sequence as
                  select last_value, is_called from ${service}.${table}_id_seq;`,
    );
    await connection.script(`drop schema if exists copy_${service} cascade; create schema copy_${service};`);
    // At a lower isolation level each table would be copied at a different moment.
    await connection.script('begin isolation level repeatable read');
    await connection.script([...copies, ...sequences].join('\n'));
    await connection.script('commit');
  });
}

/** Replaces the content of all tables of a service with the copy, as a restore does. */
export async function bringBack(database: Database, service: Copied): Promise<void> {
  await database.connection(async (connection) => {
    await connection.script('begin');
    for (const table of tables[service]) await bringBackTable(connection, service, table);
    await connection.script('commit');
  });
}

async function bringBackTable(connection: Connection, service: Copied, table: string): Promise<void> {
  await connection.script(`
    delete from ${service}.${table};
    insert into ${service}.${table} overriding system value select * from copy_${service}.${table};`);
  if (!numberedOf(service).includes(table)) return;
  await connection.script(`
    select setval('${service}.${table}_id_seq', last_value, is_called) from copy_${service}.${table}_sequence;`);
}

function numberedOf(service: Copied): string[] {
  return tables[service].filter((table) => numbered.includes(table));
}
