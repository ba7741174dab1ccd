import type { Database, Sql } from './database.ts';

/** The value of a sequence before and after it was raised. */
export interface Raised {
  readonly from: number;
  readonly to: number;
}

/** The last id that the sequence returned, and the highest stored id; 0 for none. */
interface Highest {
  readonly returned: number;
  readonly stored: number;
}

/**
 * The sequence of a table's identity column `id`. In a database restored from an older copy the sequence is behind the
 * ids that other services have seen, and would return those ids a second time.
 */
export class Sequence {
  readonly #select: string;
  readonly #lock: string;
  readonly #set: string;

  /** @param table the name of the table with its schema: `book.booking`. */
  constructor(table: string) {
    const sequence = `pg_get_serial_sequence('${table}', 'id')::regclass`;
    // `returned` can be above `stored` after rollbacks, and `stored` above `returned` after rows were copied in.
    this.#select = `
select coalesce(pg_sequence_last_value(${sequence}), 0) as returned,
       (select coalesce(max(id), 0) from ${table}) as stored`;
    // This lock conflicts with the lock of an insert, so no id is returned between the read and `setval`, and the
    // sequence never goes back.
    this.#lock = `lock table ${table} in share row exclusive mode`;
    this.#set = `select setval(${sequence}, $1)`;
  }

  /** The highest stored id, or 0. */
  async highest(database: Database): Promise<number> {
    return (await this.#read(database)).stored;
  }

  /** Raises the sequence to at least `known`. @returns undefined if no change was needed. */
  async raise(database: Database, known: number): Promise<Raised | undefined> {
    if (isAbove(await this.#read(database), known)) return undefined;
    return database.transaction(async (sql) => {
      await sql.query(this.#lock);
      const highest = await this.#read(sql);
      if (isAbove(highest, known)) return undefined;
      const to = Math.max(highest.stored, known);
      await sql.query(this.#set, [to]);
      return { from: highest.returned, to };
    });
  }

  async #read(sql: Pick<Sql, 'query'>): Promise<Highest> {
    const [highest] = await sql.query<Highest>(this.#select);
    return highest ?? { returned: 0, stored: 0 };
  }
}

function isAbove({ returned, stored }: Highest, known: number): boolean {
  return returned >= Math.max(stored, known);
}
