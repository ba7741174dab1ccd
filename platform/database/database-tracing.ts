import { SpanKind } from '@opentelemetry/api';
import { traced } from '../telemetry/trace.ts';
import type { Database, Sql } from './database.ts';

/** Wraps a database so that its transactions and statements are recorded as spans. */
export function traceDatabase(database: Database): Database {
  return {
    ...database,
    ...traceStatements(database),
    transaction: (work) =>
      traced('transaction', { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } }, () =>
        database.transaction((sql) => work(traceStatements(sql))),
      ),
  };
}

function traceStatements(sql: Sql): Sql {
  return {
    query<Row extends object>(text: string, values?: readonly unknown[]) {
      const summary = summaryOf(text);
      const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': summary };
      return traced(summary, { kind: SpanKind.CLIENT, attributes }, () => sql.query<Row>(text, values));
    },
  };
}

const summaries = new Map<string, string>();

/** The verb and table of a statement: `select events.slot`. Statements are constants, so each is parsed only once. */
function summaryOf(text: string): string {
  let summary = summaries.get(text);
  if (summary === undefined) {
    const [, verb = 'statement'] = /^\s*(\w+)/.exec(text) ?? [];
    const [, table = ''] = /\b(?:from|join|into|update)\s+(\w+\.\w+)/i.exec(text) ?? [];
    summary = `${verb.toLowerCase()} ${table}${/\bfor update\b/.test(text) ? ' for update' : ''}`.trim();
    summaries.set(text, summary);
  }
  return summary;
}
