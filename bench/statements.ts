import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchServer } from './server.ts';

/** Settings for pg_stat_statements, which adds cost to every statement: the rates of such a run are not comparable. */
export const counting = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': '1000' };

const create = 'create extension if not exists pg_stat_statements';

const costliest = `
select round(total_exec_time::numeric)::text as ms,
       calls::text,
       rows::text,
       (wal_bytes / greatest(rows, calls))::bigint::text as wal,
       (shared_blks_hit / greatest(rows, calls))::bigint::text as blocks,
       regexp_replace(query, '\\s+', ' ', 'g') as text
  from pg_stat_statements
 where query !~* 'pg_stat|generate_series'
 order by total_exec_time desc
 limit 40`;

/** Enables the extension and resets its counters. */
export async function countStatements(server: BenchServer): Promise<void> {
  await server.ask(create);
  await server.ask('select pg_stat_statements_reset()');
}

/**
 * Writes the statements with the highest total time in all databases, with WAL bytes and blocks per row.
 * @returns the path of the file.
 */
export async function writeStatements(server: BenchServer, folder: string): Promise<string> {
  const rows = await server.ask(costliest);
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => (index < 5 ? cell.padStart(9) : `  ${cell}`)).join('');
  const names = ['ms', 'calls', 'rows', 'WAL', 'blocks', 'statement'];
  const lines = rows.map((row) => line([row.ms, row.calls, row.rows, row.wal, row.blocks, row.text] as string[]));
  const file = join(folder, 'statements.txt');
  writeFileSync(file, `${[line(names), ...lines].join('\n')}\n`);
  return file;
}
