import pg from 'pg';
import { OutcomeUnknown, Unavailable } from '../../errors.ts';

/*
 * Classifies errors of the driver and the server by two questions: is a retry safe, and may the statement have been
 * carried out?
 */

/** The outcome of a statement whose connection breaks: `undone` in a transaction whose commit was not sent yet. */
export type Fate = 'undone' | 'unknown';

/**
 * SQLSTATEs of temporary failures: connection (08), resources (53), operator intervention and time-outs (57),
 * serialization and deadlock (40), lock time-out (55P03), idle in a transaction for too long (25P03), read-only standby
 * (25006).
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const temporary = /^(08|53|57|40)...$|^(55P03|25P03|25006)$/;
/** The temporary failures that end the connection, after which a statement may have been carried out. */
const connectionGone = /^(08...|57P0.|25P03)$/;

function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof pg.DatabaseError && typeof code === 'string' ? code : undefined;
}

export function isBroken(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined ? isConnectionError(error) : connectionGone.test(state);
}

/** Whether to discard the connection: it broke, or its server has become read-only. */
export function isUnusable(error: unknown): boolean {
  return isBroken(error) || sqlState(error) === '25006';
}

/** Recognizes errors of the socket and of the driver, which have no SQLSTATE. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && socketErrors.has(code)) || driverErrors.test(error.message);
}

const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENETRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);
/** The driver's connection errors have no codes, only messages (pg 8.23, pg-pool 3.14). */
const driverErrors =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has|was) .*not queryable|Received unexpected|Cannot use a pool after calling end)/;

/** Maps a temporary failure to Unavailable or OutcomeUnknown. Other errors are returned as they are. */
export function classify(error: unknown, fate: Fate): unknown {
  const state = sqlState(error);
  if (state === undefined ? !isConnectionError(error) : !temporary.test(state)) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (fate === 'unknown' && isBroken(error) && !neverSent(error)) return new OutcomeUnknown(text, { cause: error });
  return new Unavailable(text, { cause: error });
}

/** Whether the connection failed before the statement was sent. */
function neverSent(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || /is not queryable/.test(message);
}
