import { PGlite, parse, protocol, types } from '@electric-sql/pglite';
import { type Database, type Sql, safeInteger } from '../../platform/database/database.ts';
import { written } from '../../platform/database/transaction.ts';

const { serialize } = protocol;

type Replies = Awaited<ReturnType<PGlite['execProtocol']>>['messages'];

/** A statement that the database has parsed: its name, the types of its values, and the shape of its rows. */
interface Prepared {
  readonly name: string;
  readonly types: readonly number[];
  readonly row: Replies;
}

/**
 * Opens PGlite in memory, and prepares every statement once. Parsing and planning are most of the cost of a small
 * statement, and a simulation runs tens of thousands of them. A prepared update of one row takes 0.2 ms instead of 0.8,
 * a prepared query that finds nothing 0.1 ms instead of 0.5.
 * @param cluster an empty cluster to copy, instead of creating one.
 */
export async function openPrepared(cluster?: Blob): Promise<Database> {
  const parsers = { [types.INT8]: safeInteger };
  const pglite = await PGlite.create({ parsers, ...(cluster !== undefined && { loadDataDir: cluster }) });
  await pglite.exec('set plan_cache_mode = force_generic_plan');
  const sql = new PreparedSql(pglite);
  return {
    query: (text, values) => sql.query(text, values),
    async transaction(work) {
      await sql.query('begin');
      try {
        const result = await written(await work(sql));
        await sql.commit();
        return result;
      } catch (error) {
        await sql.query('rollback');
        throw error;
      }
    },
    connection: (work) =>
      work({
        // Migrations run unprepared, because they change the tables of prepared statements.
        query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
          (await pglite.query<Row>(text, [...values])).rows,
        script: async (text) => ((await pglite.exec(text)).at(-1)?.rows ?? []) as object[],
      }),
    close: () => pglite.close(),
  };
}

/** Creates an empty cluster to open copies of: creating a cluster takes five times as long as opening a copy. */
export async function emptyCluster(): Promise<Blob> {
  const pglite = await PGlite.create();
  try {
    return await pglite.dumpDataDir('none');
  } finally {
    await pglite.close();
  }
}

class PreparedSql implements Sql {
  readonly #pglite: PGlite;
  readonly #prepared = new Map<string, Prepared>();

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { row } = await this.#prepare(text);
    const replies = await this.#execute(text, values);
    return (parse.parseResults([...row, ...replies], this.#pglite.parsers).at(-1)?.rows ?? []) as Row[];
  }

  /** Commits. @throws when PostgreSQL rolled back because a statement had failed, which only its reply shows. */
  async commit(): Promise<void> {
    const replies = await this.#execute('commit', []);
    if (replies.some((reply) => 'text' in reply && reply.text === 'COMMIT')) return;
    throw new Error('the transaction was rolled back because the work ignored a failed statement');
  }

  async #execute(text: string, values: readonly unknown[]): Promise<Replies> {
    const { name, types: oids } = await this.#prepare(text);
    const { serializers } = this.#pglite;
    const given = values.map((value, index) => {
      if (value === null || value === undefined) return null;
      const write = serializers[oids[index] ?? 0] ?? String;
      return write(value);
    });
    return this.#send(serialize.bind({ statement: name, values: given }), serialize.execute({}), serialize.sync());
  }

  async #prepare(text: string): Promise<Prepared> {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const name = `statement_${this.#prepared.size}`;
    const replies = await this.#send(
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const row = replies.filter((reply) => reply.name === 'rowDescription');
    const prepared = { name, types: parse.parseDescribeStatementResults(replies), row };
    this.#prepared.set(text, prepared);
    return prepared;
  }

  async #send(...messages: readonly Uint8Array[]): Promise<Replies> {
    return (await this.#pglite.execProtocol(Buffer.concat(messages))).messages;
  }
}
