import { parentPort, workerData } from 'node:worker_threads';
import { openTables, simulate } from './simulation.ts';

/** The outcome of a seed, in a form that can be sent between threads. */
export interface Report {
  readonly seed: number;
  readonly offences: readonly string[];
  readonly counts: readonly (readonly [string, number])[];
  readonly digest: string;
  readonly lines: readonly string[];
  readonly bookings: number;
}

const database = await openTables(workerData);
parentPort?.on('message', async (seed: number) => {
  const { history, bookings } = await simulate(database, seed);
  const report: Report = {
    seed,
    bookings,
    offences: history.offences,
    counts: [...history.counts],
    digest: history.digest(),
    lines: history.lines,
  };
  parentPort?.postMessage(report);
});
parentPort?.postMessage('ready');
