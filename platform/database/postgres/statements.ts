import type { Duplex } from 'node:stream';
import type pg from 'pg';
import type { Sql } from '../database.ts';
import { arrayText } from './array-text.ts';
import { classify, type Fate } from './errors.ts';

/** The names of prepared statements, by text. Each connection parses and plans a named statement once. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `startlist_${names.size}`;
    names.set(text, name);
  }
  return name;
}

/**
 * Buffers writes to a connection until the next tick, so that several statements travel in one packet and wake the
 * server once. By the next tick, everything that follows from a result has been written, including the last writes of a
 * transaction and its commit. A microtask would run too early.
 */
export function corkUntilNextTick(client: pg.ClientBase): void {
  // The driver's TypeScript types lack `connection`.
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Whether a statement changes nothing. */
export function isRead(text: string): boolean {
  return /^\s*select\b/i.test(text) && !/\b(setval|nextval)\b/i.test(text);
}

/** A connection outside a transaction. */
export function on(client: pg.ClientBase): Sql {
  return { query: async (text, values) => run(client, statementOf(text, values), () => 'unknown') };
}

/** A prepared statement for the driver. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** @throws TypeError when a value can't be serialized. */
export function statementOf(text: string, values: readonly unknown[] = []): Statement {
  return { name: nameOf(text), text, values: values.map(serialized) };
}

/** Runs a statement and classifies its failure. `fate` is evaluated when the statement fails. */
export async function run<Row extends object>(
  client: pg.ClientBase,
  statement: Statement,
  fate: () => Fate,
): Promise<Row[]> {
  try {
    corkUntilNextTick(client);
    return (await client.query<Row & pg.QueryResultRow>(statement)).rows;
  } catch (error) {
    throw classify(error, isRead(statement.text) ? 'undone' : fate());
  }
}

/** Serializes a value before anything is sent. The driver would fail only after it had sent earlier statements. */
function serialized(value: unknown): unknown {
  return Array.isArray(value) ? (arrayText(value) ?? value.map(scalar)) : scalar(value);
}

function scalar(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isDriverOwn = value instanceof Date || ArrayBuffer.isView(value) || Array.isArray(value);
  return isDriverOwn ? value : JSON.stringify(value);
}
