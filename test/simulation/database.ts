import type { Database, Sql } from '../../platform/database/database.ts';
import { type Committing, written } from '../../platform/database/transaction.ts';
import { OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { pause } from '../../platform/world.ts';
import type { History } from './history.ts';
import { type Life, never } from './life.ts';
import type { Fault, Weather } from './weather.ts';
import type { VirtualWorld } from './world.ts';

/** The maximum time before a statement or a commit runs, in milliseconds of the virtual clock. */
const statementMs = 2;

/** Thrown in a transaction whose process has ended, so that the database rolls back. */
class Ended extends Error {
  override name = 'Ended';
}

type Work<Result> = (sql: Sql) => Promise<Result | Committing<Result>>;

/**
 * One database that several processes share. It has a single connection, so transactions run one after another. Virtual
 * time passes before each statement; meanwhile processes may end and connections may break.
 */
export class SharedDatabase {
  readonly #database: Database;
  readonly #world: VirtualWorld;
  readonly #weather: Weather;
  readonly #history: History;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database, world: VirtualWorld, weather: Weather, history: History) {
    this.#database = database;
    this.#world = world;
    this.#weather = weather;
    this.#history = history;
  }

  /** The database as one process sees it. After the process has ended, its statements neither run nor return. */
  connect(life: Life): Database {
    return {
      query: <Row extends object>(text: string, values?: readonly unknown[]) => this.#query<Row>(life, text, values),
      transaction: (work) => this.#transaction(life, work),
      connection: () => Promise.reject(new Error('a simulated process does not migrate')),
      close: async () => {},
    };
  }

  /** Reads the tables from outside, between two transactions. */
  async look<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const leave = await this.#turn();
    try {
      return await this.#world.await(work(this.#database));
    } finally {
      leave();
    }
  }

  async #query<Row extends object>(life: Life, text: string, values?: readonly unknown[]): Promise<Row[]> {
    const leave = await this.#turn();
    try {
      if (life.isOver) return never();
      await this.#passTime();
      this.#mayEnd(life, 'crash before a statement');
      if (life.isOver) return never();
      if (this.#strikes(life, 'statement failed')) throw new Unavailable('the database was not reached');
      const rows = await this.#world.await(this.#database.query<Row>(text, values));
      this.#mayEnd(life, 'crash after a statement');
      if (life.isOver) return never();
      if (this.#strikes(life, 'statement without answer')) throw new OutcomeUnknown('the database did not answer');
      return rows;
    } finally {
      leave();
    }
  }

  async #transaction<Result>(life: Life, work: Work<Result>): Promise<Result> {
    const leave = await this.#turn();
    try {
      if (life.isOver) return never();
      const result = await this.#inTransaction(life, work);
      this.#mayEnd(life, 'crash after a commit');
      if (life.isOver) return never();
      if (this.#strikes(life, 'commit without answer')) throw new OutcomeUnknown('the commit was not answered');
      return result;
    } catch (error) {
      if (error instanceof Ended) return never();
      throw error;
    } finally {
      leave();
    }
  }

  async #inTransaction<Result>(life: Life, work: Work<Result>): Promise<Result> {
    let begun = () => {};
    void this.#world.await(new Promise<void>((resolve) => (begun = resolve)));
    const transaction: Promise<Result> = this.#database.transaction(async (sql) => {
      begun();
      try {
        const result = await this.#untilEnd(life, work(this.#inside(life, sql)).then(written));
        await this.#passTime();
        this.#mayEnd(life, 'crash before a commit');
        if (life.isOver) throw new Ended();
        return result;
      } finally {
        // Virtual time stops during commit and rollback, because only the database works then.
        void this.#world.await(transaction.catch(() => {}));
      }
    });
    return transaction;
  }

  /** The statements of a transaction, each sent when the earlier ones are done. */
  #inside(life: Life, sql: Sql): Sql {
    let last: Promise<unknown> = Promise.resolve();
    return {
      query: <Row extends object>(text: string, values?: readonly unknown[]) => {
        const rows = last.then(() => this.#statement<Row>(life, sql, text, values));
        last = rows.catch(() => {});
        return rows;
      },
    };
  }

  async #statement<Row extends object>(
    life: Life,
    sql: Sql,
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]> {
    await this.#passTime();
    this.#mayEnd(life, 'crash before a statement', true);
    if (life.isOver) return never<Row[]>();
    if (this.#strikes(life, 'transaction cut')) throw new OutcomeUnknown('the connection broke in a transaction');
    const rows = await this.#world.await(sql.query<Row>(text, values));
    this.#mayEnd(life, 'crash after a statement', true);
    return life.isOver ? never() : rows;
  }

  /** Settles as `work` does, or fails if the process ends first. */
  #untilEnd<Result>(life: Life, work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const forget = life.atEnd(() => reject(new Ended()));
      work.then(resolve, reject).finally(forget);
    });
  }

  #mayEnd(life: Life, fault: Fault, isInTransaction = false): void {
    if (life.isOver || !this.#weather.strikes(fault)) return;
    this.#history.say(life.name, isInTransaction ? `${fault} of a transaction` : fault);
    if (isInTransaction) this.#history.count('crash in a transaction');
    life.end();
  }

  #strikes(life: Life, fault: Fault): boolean {
    const isStruck = this.#weather.strikes(fault);
    if (isStruck) this.#history.say(life.name, fault);
    return isStruck;
  }

  #passTime(): Promise<void> {
    return pause(this.#world, this.#world.random() * statementMs);
  }

  /** Waits for the earlier transactions. The returned function lets the next one start. */
  async #turn(): Promise<() => void> {
    const before = this.#last;
    let leave = () => {};
    this.#last = new Promise<void>((resolve) => (leave = resolve));
    await before;
    return leave;
  }
}
