import type pg from 'pg';
import { Unavailable } from '../../errors.ts';
import type { Sql } from '../database.ts';
import { Committing, together } from '../transaction.ts';
import { isBroken, understood } from './errors.ts';
import { ask, holdBack, isRead, type Question, questionOf } from './statements.ts';

/**
 * Runs a transaction on a connection that is for it alone, as `Database.transaction` says.
 * @throws Unavailable when nothing was stored, OutcomeUnknown when nobody knows, and whatever the work throws.
 */
export async function runTransaction<Result>(
  client: pg.PoolClient,
  work: (sql: Sql) => Promise<Result | Committing<Result>>,
): Promise<Result> {
  let end: Result | Committing<Result>;
  const course: Course = {};
  const begun = begin(client);
  try {
    end = await work(after(begun, during(course, client)));
    await begun;
    if (course.unsent !== undefined) throw course.unsent;
  } catch (error) {
    // What waits for the begin is sent before the rollback, never after it, where it would be committed by itself.
    await begun.catch(() => {});
    course.end = 'rollback';
    await rollback(client, error);
    throw error;
  }
  course.end = 'commit';
  const { result, writes } = end instanceof Committing ? end : new Committing(end);
  await together(...writes, commit(client));
  return result;
}

/** How far a transaction has come. */
interface Course {
  /** What was sent to end it. */
  end?: 'commit' | 'rollback';
  /** Why one of its statements could not even be sent: the others must not be committed without it. */
  unsent?: unknown;
}

/**
 * The statements of a transaction until its end. One that is asked later would be carried out by itself, or in a
 * transaction of someone else; one that was asked before, and breaks with its connection, may have been committed.
 */
function during(course: Course, client: pg.ClientBase): Sql {
  return {
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      if (course.end !== undefined) throw new Error('a statement was asked after its transaction had ended');
      let question: Question;
      try {
        question = questionOf(text, values);
      } catch (error) {
        course.unsent ??= error;
        throw error;
      }
      return ask<Row>(client, question, () => (course.end === 'commit' ? 'unknown' : 'undone'));
    },
  };
}

function begin(client: pg.PoolClient): Promise<unknown> {
  holdBack(client);
  const begun = client.query('begin').catch((error) => {
    throw understood(error, 'undone');
  });
  // Whoever awaits it is told, however late.
  begun.catch(() => {});
  return begun;
}

/**
 * The statements of a transaction that is about to begin. Those at its head that only look travel along with the begin
 * itself, which saves waiting for its answer while others wait for the lock. What writes waits: had the begin failed,
 * it would be committed by itself.
 */
function after(begun: Promise<unknown>, sql: Sql): Sql {
  let isOpen = false;
  let waiting = 0;
  let mayGoAlong = true;
  void begun.then(
    () => (isOpen = true),
    () => {},
  );
  return {
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      mayGoAlong &&= isRead(text);
      // Nothing overtakes what was asked before.
      if (waiting > 0 || !(isOpen || mayGoAlong)) {
        waiting += 1;
        // At once, not a few turns later: whoever is told of an earlier answer meanwhile would be sent first.
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

/** A connection that can't even roll back is as good as broken: the server undoes what it had begun. */
async function rollback(client: pg.PoolClient, error: unknown): Promise<void> {
  if (error instanceof Unavailable && isBroken(error.cause)) return;
  await client.query('rollback').catch((failure) => client.emit('error', failure));
}

async function commit(client: pg.PoolClient): Promise<void> {
  holdBack(client);
  const { command } = await client.query('commit').catch((error) => {
    throw understood(error, 'unknown');
  });
  // So the server answers when a statement has failed before, and the work went on as if it had not.
  if (command === 'ROLLBACK') throw new Error('a statement failed unnoticed, so its transaction was rolled back');
}
