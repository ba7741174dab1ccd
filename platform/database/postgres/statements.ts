import type { Duplex } from 'node:stream';
import type pg from 'pg';
import type { Sql } from '../database.ts';
import { arrayText } from './array-text.ts';
import { type Fate, understood } from './errors.ts';

/** A text is parsed and planned once for each connection: the name that makes it so is given here, by its order. */
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
 * Holds back what is written to a connection until whoever writes has nothing more to say: several statements are then
 * one packet, and the server wakes up once for all of them. At the next tick all that follows from an answer has been
 * said, the commit after the last writes included; a microtask would come before it.
 */
export function holdBack(client: pg.ClientBase): void {
  // The driver knows its connection; only its TypeScript types do not.
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Whether a statement only looks: whatever becomes of it, nothing is changed. */
export function isRead(text: string): boolean {
  return /^\s*select\b/i.test(text) && !/\b(setval|nextval)\b/i.test(text);
}

/** Statements outside of a transaction. */
export function on(client: pg.ClientBase): Sql {
  return { query: async (text, values) => ask(client, questionOf(text, values), () => 'unknown') };
}

/** A statement as it is handed to the driver. */
export interface Question {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** @throws TypeError when a value can't be written. */
export function questionOf(text: string, values: readonly unknown[] = []): Question {
  return { name: nameOf(text), text, values: values.map(writable) };
}

/** Asks a statement, and gives its failure a meaning: what has become of it is what `fate` says by then. */
export async function ask<Row extends object>(
  client: pg.ClientBase,
  question: Question,
  fate: () => Fate,
): Promise<Row[]> {
  try {
    holdBack(client);
    return (await client.query<Row & pg.QueryResultRow>(question)).rows;
  } catch (error) {
    throw understood(error, isRead(question.text) ? 'undone' : fate());
  }
}

/** A value that the driver can write. An object is JSON by now: one that can't be would fail when others were sent. */
function writable(value: unknown): unknown {
  return Array.isArray(value) ? (arrayText(value) ?? value.map(scalar)) : scalar(value);
}

function scalar(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isDriverOwn = value instanceof Date || ArrayBuffer.isView(value) || Array.isArray(value);
  return isDriverOwn ? value : JSON.stringify(value);
}
