import type { Measured } from '../load/load.ts';
import { startProgram } from './program.ts';
import type { BenchContext, Row, Setting, Target } from './row.ts';
import { oneProcess, root } from './startlist.ts';

/** The parameters of ceiling-program.ts. */
export interface CeilingOrder {
  readonly seconds: number;
  /** The number of batches in flight at once. */
  readonly lanes: number;
  readonly maxBatch: number;
  readonly personIds: readonly number[];
  readonly eventIds: readonly number[];
}

/**
 * The number of lanes: enough to keep two cores busy. With more lanes, batches of a hot event only wait for each
 * other's locks.
 */
const lanes = 4;
const maxBatch = 500;

/**
 * The SQL statements of bookings without HTTP, in batches of 500. A Startlist process creates the tables, people and
 * events, is idle during each turn, and reconciles the records after it.
 */
export const ceiling: Row = {
  name: 'ceiling',
  title: 'the SQL alone, in batches of 500',
  async open(context: BenchContext, setting: Setting): Promise<Target> {
    let databaseUrl = '';
    const server = {
      ...context.server,
      async createDatabase(name: string) {
        databaseUrl = await context.server.createDatabase(name);
        return databaseUrl;
      },
    };
    const startlist = await oneProcess('ceiling', '').open({ ...context, server }, setting);
    const program = await startProgram({
      root,
      path: 'bench/rows/ceiling-program.ts',
      folder: context.folder,
      environment: { DATABASE_URL: databaseUrl },
    });
    const personIds = startlist.crowd.people.map(({ id }) => id);
    return {
      ...startlist,
      pids: [program.pid],
      // A single client corresponds to one lane with batches of one booking.
      async drive(load, eventIds) {
        const isAlone = load.kind === 'closed' && load.connections === 1;
        const seconds = load.seconds ?? 1;
        const width = isAlone ? { lanes: 1, maxBatch: 1 } : { lanes, maxBatch };
        return (await program.ask({ ...width, seconds, personIds, eventIds } satisfies CeilingOrder)) as Measured;
      },
      async close() {
        await program.stop();
        await startlist.close();
      },
    };
  },
};
