import assert from 'node:assert/strict';
import { pino } from 'pino';
import type { Database } from '../../platform/database/database.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { Open } from './databases/databases.ts';
import { type Answer, type Call, type System, withSystem } from './system.ts';

/** Sends requests to which a Startlist must respond with an error. */
export interface Refusals {
  readonly system: System;
  /** Sends a request, and expects a problem with this status and, if `field` is given, about this field. */
  refused(status: number, method: string, path: string, call?: Call, field?: string): Promise<Answer>;
  /** Fails if a request in `asking` changes a row or writes a log line. */
  changesNothing(asking: () => Promise<unknown>): Promise<void>;
}

/** The fixture of a suite: a Startlist whose tables and log are watched. `prepare` runs before the tests. */
export function withRefusals(open: Open, prepare: (system: System) => Promise<void>): Refusals {
  const logged: string[] = [];
  const log: Logger = pino({ level: 'warn' }, { write: (entry: string) => logged.push(entry) });
  const system = withSystem(open, { log, prepare });
  return {
    system,
    async refused(status, method, path, call = {}, field) {
      const answer = await system.client.ask(method, path, call);
      assertProblem(answer, status, `${method} ${path} ${String(call.body).slice(0, 80)}`);
      if (field !== undefined) assert.equal((answer.json as { field?: string }).field, field, answer.text);
      return answer;
    },
    async changesNothing(asking) {
      const rows = await readTables(system.database);
      logged.length = 0;
      await asking();
      assert.deepEqual(logged, []);
      assert.deepEqual(await readTables(system.database), rows);
    },
  };
}

/** Checks that an answer has the form of a problem, and reveals no internals. */
function assertProblem({ status, headers, text, json }: Answer, expected: number, asked: string): void {
  assert.equal(status, expected, `${asked}: ${text}`);
  assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.doesNotMatch(text, /\bat .*:\d+:\d+|\.ts\b|node_modules|node:internal|[Ee]rror:|\bselect\b|\binsert\b/);
  const { type, title, status: inBody, detail } = json as Record<string, unknown>;
  assert.match(String(type), /^urn:startlist:problem:[a-z_]+$/);
  assert.equal(inBody, status);
  for (const sentence of [title, detail]) assert.match(String(sentence), /^\S.* .*\S$/, asked);
}

/** Returns the rows of all services, one text for each table, without the audit log, which records failures as well. */
async function readTables(database: Database): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(`
    select format('%I.%I', table_schema, table_name) as name
      from information_schema.tables
     where table_schema in ('auth', 'events', 'account', 'book') and table_type = 'BASE TABLE'
       and table_name not in ('trail', 'outbox')
     order by 1`);
  const rows: Record<string, string> = {};
  for (const { name } of tables) {
    const [all] = await database.query<{ rows: string }>(
      `select coalesce(string_agg(t::text, E'\\n' order by t::text), '') as rows from ${name} as t`,
    );
    rows[name] = all?.rows ?? '';
  }
  assert.ok(Object.keys(rows).length > 6);
  return rows;
}
