import type { Database, Sql } from './database.ts';

/** The highest id that was given before, and the one that ids go on above now. */
export interface Raised {
  readonly from: number;
  readonly to: number;
}

/** The highest id that a table has given, and the highest that is stored in it; 0 for none. */
interface Highest {
  readonly given: number;
  readonly stored: number;
}

/**
 * The ids that a table gives by itself, in a column `id` that is an identity. In a database that was restored from an
 * older copy they are behind those that others have heard of since, and would be given a second time.
 */
export class Sequence {
  readonly #select: string;
  readonly #lock: string;
  readonly #set: string;

  /** @param table with its schema: `book.booking`. */
  constructor(table: string) {
    const sequence = `pg_get_serial_sequence('${table}', 'id')::regclass`;
    // What was given may be above what is stored; what is stored may be above what was given where rows were copied in.
    this.#select = `
select coalesce(pg_sequence_last_value(${sequence}), 0) as given,
       (select coalesce(max(id), 0) from ${table}) as stored`;
    // An insertion takes its id under a lock of the table that this one conflicts with: so no id is given between the
    // reading of the highest and the setting of the next, and the sequence never goes back.
    this.#lock = `lock table ${table} in share row exclusive mode`;
    this.#set = `select setval(${sequence}, $1)`;
  }

  /** The highest id that is stored, or 0. */
  async highest(database: Database): Promise<number> {
    return (await this.#read(database)).stored;
  }

  /** Sees to it that every id to come is above `known`. @returns nothing when that was so before. */
  async raise(database: Database, known: number): Promise<Raised | undefined> {
    if (isAbove(await this.#read(database), known)) return undefined;
    return database.transaction(async (sql) => {
      await sql.query(this.#lock);
      const highest = await this.#read(sql);
      if (isAbove(highest, known)) return undefined;
      const to = Math.max(highest.stored, known);
      await sql.query(this.#set, [to]);
      return { from: highest.given, to };
    });
  }

  async #read(sql: Pick<Sql, 'query'>): Promise<Highest> {
    const [highest] = await sql.query<Highest>(this.#select);
    return highest ?? { given: 0, stored: 0 };
  }
}

function isAbove({ given, stored }: Highest, known: number): boolean {
  return given >= Math.max(stored, known);
}
