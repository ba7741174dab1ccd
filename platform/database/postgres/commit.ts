import type pg from 'pg';
import { Unavailable } from '../../errors.ts';
import type { Sql } from '../database.ts';
import { Committing, together } from '../transaction.ts';
import { classify, isBroken } from './errors.ts';
import { corkUntilNextTick, isRead, run, type Statement, statementOf } from './statements.ts';

/**
 * Runs a transaction on a dedicated connection. See `Database.transaction`.
 * @throws Unavailable when nothing was stored, OutcomeUnknown when the commit may have succeeded, and errors of `work`.
 */
export async function runTransaction<Result>(
  client: pg.PoolClient,
  work: (sql: Sql) => Promise<Result | Committing<Result>>,
): Promise<Result> {
  let end: Result | Committing<Result>;
  const progress: Progress = {};
  const begun = begin(client);
  try {
    end = await work(after(begun, during(progress, client)));
    await begun;
    if (progress.unsent !== undefined) throw progress.unsent;
  } catch (error) {
    // Statements that wait for the begin must be sent before the rollback. After it, each would commit on its own.
    await begun.catch(() => {});
    progress.end = 'rollback';
    await rollback(client, error);
    throw error;
  }
  progress.end = 'commit';
  const { result, writes } = end instanceof Committing ? end : new Committing(end);
  await together(...writes, commit(client));
  return result;
}

/** The progress of a transaction. */
interface Progress {
  /** The statement that was sent to end the transaction. */
  end?: 'commit' | 'rollback';
  /** The error of a statement that could not be sent. The other statements must then not be committed. */
  unsent?: unknown;
}

/**
 * Runs the statements of a transaction. A statement after the end is rejected: it would run on its own or in the
 * transaction of another caller. When the connection breaks after the commit was sent, the outcome is unknown.
 */
function during(progress: Progress, client: pg.ClientBase): Sql {
  return {
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      if (progress.end !== undefined) throw new Error('a statement was sent after the end of its transaction');
      let statement: Statement;
      try {
        statement = statementOf(text, values);
      } catch (error) {
        progress.unsent ??= error;
        throw error;
      }
      return run<Row>(client, statement, () => (progress.end === 'commit' ? 'unknown' : 'undone'));
    },
  };
}

function begin(client: pg.PoolClient): Promise<unknown> {
  corkUntilNextTick(client);
  const begun = client.query('begin').catch((error) => {
    throw classify(error, 'undone');
  });
  // `runTransaction` awaits `begun` later. Until then, a rejection must not count as unhandled.
  begun.catch(() => {});
  return begun;
}

/**
 * Runs the statements of a transaction whose begin was sent. Leading reads are sent together with the begin, which
 * saves a round trip. Writes wait until the begin has succeeded: without a transaction, each would be committed on its
 * own.
 */
function after(begun: Promise<unknown>, sql: Sql): Sql {
  let isOpen = false;
  let waiting = 0;
  let canPipeline = true;
  void begun.then(
    () => (isOpen = true),
    () => {},
  );
  return {
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      canPipeline &&= isRead(text);
      // A statement also waits when an earlier one does: statements keep their order.
      if (waiting > 0 || !(isOpen || canPipeline)) {
        waiting += 1;
        // No further await: it would let a statement that was called later be sent first.
        try {
          await begun;
        } finally {
          waiting -= 1;
        }
      }
      return sql.query<Row>(text, values);
    },
  };
}

/** Rolls a transaction back. If that fails, the connection is discarded as broken, and the server rolls back. */
async function rollback(client: pg.PoolClient, error: unknown): Promise<void> {
  if (error instanceof Unavailable && isBroken(error.cause)) return;
  await client.query('rollback').catch((failure) => client.emit('error', failure));
}

async function commit(client: pg.PoolClient): Promise<void> {
  corkUntilNextTick(client);
  const { command } = await client.query('commit').catch((error) => {
    throw classify(error, 'unknown');
  });
  // The server answers ROLLBACK to a commit after a failed statement.
  if (command === 'ROLLBACK')
    throw new Error('the transaction was rolled back because the work ignored a failed statement');
}
