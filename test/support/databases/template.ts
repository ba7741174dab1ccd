import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import * as account from '../../../account/schema.ts';
import * as auth from '../../../auth/schema.ts';
import * as book from '../../../book/schema.ts';
import * as events from '../../../events/schema.ts';
import type { Database } from '../../../platform/database/database.ts';
import { migrate } from '../../../platform/database/migrate.ts';
import { openPostgres } from '../../../platform/database/postgres/pool.ts';
import { realWorld } from '../../../platform/world.ts';

const all = [auth, events, account, book].map(({ migrations }) => migrations);

export async function migrateAll(database: Pick<Database, 'connection'>): Promise<void> {
  for (const migrations of all) await migrate(database as Database, migrations);
}

/** A hash that changes with the name or the text of any migration. */
export function hashOfMigrations(): string {
  const hash = createHash('sha256');
  for (const { folder } of all) {
    for (const name of readdirSync(folder).sort()) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Creates a database with all schemas as a template. @returns its name. */
export async function createTemplate(serverUrl: string): Promise<string> {
  const { name, url } = await createCopy(serverUrl, 'template0', 'startlist_template');
  const database = openPostgres(url, 1);
  try {
    await migrateAll(database);
  } finally {
    // A database can be copied only while it has no connection.
    await database.close();
  }
  return name;
}

/** Creates a database as a copy of another one on the same server. */
export async function createCopy(
  serverUrl: string,
  original: string,
  prefix = 'startlist',
): Promise<{ readonly name: string; readonly url: string }> {
  const name = `${prefix}_${realWorld().uuid().replaceAll('-', '')}`;
  await command(serverUrl, `create database ${name} template ${original} encoding 'UTF8'`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { name, url: url.href };
}

export function dropDatabase(serverUrl: string, name: string): Promise<void> {
  return command(serverUrl, `drop database if exists ${name} with (force)`);
}

async function command(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
