import type { Measured } from '../load/load.ts';
import { startProgram } from './program.ts';
import type { BenchContext, Row, Setting, Target } from './row.ts';
import { oneProcess, root } from './startlist.ts';

/** What the program of the ceiling is told. */
export interface CeilingOrder {
  readonly seconds: number;
  /** How many sets are under way at once. */
  readonly lanes: number;
  readonly maxBatch: number;
  readonly personIds: readonly number[];
  readonly eventIds: readonly number[];
}

/** As many as keep two cores busy; with more of them the sets of a hot event only wait for each other. */
const lanes = 4;
const maxBatch = 500;

/**
 * The same statements without HTTP, in batches of 500. The tables, the people and the events are made by a Startlist,
 * which stays there, idle, and reconciles them in the end.
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
      // One client that waits for its answer is one set of one.
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
