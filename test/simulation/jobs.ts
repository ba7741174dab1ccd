import { Worker } from 'node:worker_threads';
import { realWorld } from '../../platform/world.ts';
import { emptyCluster } from './prepared.ts';
import type { Report } from './worker.ts';

/** How long a seed may take in real time: most need 0.2 s, and on a busy machine many times that. */
const longestMs = 60_000;

/** How seeds are run. */
export interface Jobs {
  /** How many threads there are, each with a database of its own. */
  readonly threads: number;
  /** A copy of an empty cluster that the databases begin with; by default one is made. */
  readonly cluster?: Blob | undefined;
}

/** Of a history that nobody has seen. */
const noDigest = 'none';

/**
 * Runs seeds in threads.
 * @param isOver asked before each seed; no further one is begun once it says so.
 * @param done gets what came of each seed, as they end.
 */
export async function runSeeds(
  seeds: readonly number[],
  { threads, cluster }: Jobs,
  done: (report: Report) => void,
  isOver: () => boolean = () => false,
): Promise<void> {
  const waiting = [...seeds];
  const next = () => (isOver() ? undefined : waiting.shift());
  const count = Math.min(threads, seeds.length);
  const shared = cluster ?? (count > 1 ? await emptyCluster() : undefined);
  await Promise.all(Array.from({ length: count }, () => runJob(next, done, shared)));
}

/** One thread after the other, until nothing is left: a seed that never ends takes its thread with it. */
async function runJob(
  next: () => number | undefined,
  done: (report: Report) => void,
  cluster: Blob | undefined,
): Promise<void> {
  let worker: Worker | undefined;
  try {
    for (let seed = next(); seed !== undefined; seed = next()) {
      worker ??= await openWorker(cluster);
      const report = await runSeed(worker, seed).catch((error) => broken(seed, `it threw: ${error}`));
      if (report.digest === noDigest) {
        await worker.terminate();
        worker = undefined;
      }
      done(report);
    }
  } finally {
    await worker?.terminate();
  }
}

async function openWorker(cluster: Blob | undefined): Promise<Worker> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: cluster });
  await heard(worker);
  return worker;
}

async function runSeed(worker: Worker, seed: number): Promise<Report> {
  worker.postMessage(seed);
  let giveUp: (report: Report) => void = () => {};
  const tooLong = new Promise<Report>((resolve) => {
    giveUp = resolve;
  });
  const timer = realWorld().later(longestMs, () => giveUp(broken(seed, 'it never ends')));
  return Promise.race([heard(worker) as Promise<Report>, tooLong]).finally(() => timer.cancel());
}

/** The next message of a worker. @throws what ended it. */
function heard(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(error);
    worker.once('error', fail);
    worker.once('message', (message) => {
      worker.off('error', fail);
      resolve(message);
    });
  });
}

/** A seed that ended in none of the ways that it should. */
function broken(seed: number, how: string): Report {
  return { seed, offences: [how], counts: [], digest: noDigest, lines: [], bookings: 0 };
}
