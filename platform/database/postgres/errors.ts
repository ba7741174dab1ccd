import pg from 'pg';
import { OutcomeUnknown, Unavailable } from '../../errors.ts';

/*
 * What the errors of the driver and of the server mean: whether to ask again, and whether something may have been done.
 */

/** What becomes of a statement whose connection breaks under way: a transaction that is not committed is undone. */
export type Fate = 'undone' | 'unknown';

/**
 * The SQLSTATEs with which a server that got the question says: not now. Connection (08), resources (53), operator
 * intervention and time-outs (57), serialization and deadlock (40), lock time-out (55P03), idle in a transaction for
 * too long (25P03), a standby that takes no writes (25006).
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const notNow = /^(08|53|57|40)...$|^(55P03|25P03|25006)$/;
/** Those of them after which the connection is gone, so that a statement under way may have been carried out. */
const connectionGone = /^(08...|57P0.|25P03)$/;

function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof pg.DatabaseError && typeof code === 'string' ? code : undefined;
}

export function isBroken(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined ? isConnectionError(error) : connectionGone.test(state);
}

/** Whether a connection is better not used again: it broke, or its server has become one that takes no writes. */
export function isUseless(error: unknown): boolean {
  return isBroken(error) || sqlState(error) === '25006';
}

/** Errors of the socket and of the driver's own: these alone come without an SQLSTATE. */
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
/** The driver's errors of connections are known by their words alone (pg 8.23, pg-pool 3.14). */
const driverErrors =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has|was) .*not queryable|Received unexpected|Cannot use a pool after calling end)/;

/** Gives an error of the driver its meaning. */
export function understood(error: unknown, fate: Fate): unknown {
  const state = sqlState(error);
  if (state === undefined ? !isConnectionError(error) : !notNow.test(state)) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (fate === 'unknown' && isBroken(error) && !neverSent(error)) return new OutcomeUnknown(text, { cause: error });
  return new Unavailable(text, { cause: error });
}

/** The connection could not be made, or was known to be broken before, so nothing was asked. */
function neverSent(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || /is not queryable/.test(message);
}
