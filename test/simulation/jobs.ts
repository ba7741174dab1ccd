import { Worker } from 'node:worker_threads';
import { realWorld } from '../../platform/world.ts';
import { emptyCluster } from './prepared.ts';
import type { Report } from './worker.ts';

/** The time limit of a seed in real time: most seeds need 0.2 s, and many times that on a busy machine. */
const longestMs = 60_000;

export interface Jobs {
  /** The number of threads, each with its own database. */
  readonly threads: number;
  /** An empty cluster that the databases copy; by default one is created. */
  readonly cluster?: Blob | undefined;
}

/** The digest of a seed whose run produced no history. */
const noDigest = 'none';

/**
 * Runs seeds in threads.
 * @param done receives the outcome of each seed, in the order in which the seeds end.
 * @param isOver is called before each seed. After it has returned true, no further seed starts.
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

/** Runs seeds one after another in a thread. After a seed that threw or did not end, the thread is replaced. */
async function runJob(
  next: () => number | undefined,
  done: (report: Report) => void,
  cluster: Blob | undefined,
): Promise<void> {
  let worker: Worker | undefined;
  try {
    for (let seed = next(); seed !== undefined; seed = next()) {
      worker ??= await openWorker(cluster);
      const report = await runSeed(worker, seed).catch((error) => broken(seed, `the simulation threw: ${error}`));
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
  const timer = realWorld().later(longestMs, () => giveUp(broken(seed, `not ended after ${longestMs} ms`)));
  return Promise.race([heard(worker) as Promise<Report>, tooLong]).finally(() => timer.cancel());
}

/** The next message of a worker. @throws the error that ended the worker. */
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

/** The report of a seed whose run threw or never ended. */
function broken(seed: number, how: string): Report {
  return { seed, offences: [how], counts: [], digest: noDigest, lines: [], bookings: 0 };
}
