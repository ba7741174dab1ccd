import { after, before, beforeEach } from 'node:test';
import { createEmptyDatabase, type FreshDatabase } from '../../../test/support/databases/databases.ts';
import { Wire } from '../../../test/support/wire.ts';
import type { Database } from '../database.ts';
import { openPostgres } from './pool.ts';

/** A database with a table `kept (id)`, behind a `Wire`. Its properties can be read in hooks and tests only. */
export interface Wired {
  readonly database: Database;
  readonly wire: Wire;
}

/** The fixture of a suite about broken connections. `onSend` of the wire is reset before each test. */
export function withWire(connections: number): Wired {
  let fresh: FreshDatabase;
  let wire: Wire;
  let database: Database;
  before(async () => {
    fresh = await createEmptyDatabase();
    wire = await Wire.to(fresh.url);
    database = openPostgres(wire.url, connections);
    await database.query('create table kept (id bigint primary key)');
  });
  after(async () => {
    await database.close();
    wire.close();
    await fresh.drop();
  });
  beforeEach(() => {
    wire.onSend = () => {};
  });
  return {
    get database() {
      return database;
    },
    get wire() {
      return wire;
    },
  };
}
