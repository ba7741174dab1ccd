import type { Mended } from '../../contracts/book/reconciliation.ts';
import { OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { compareRecords, type Progress, type Report, startProgress } from './compare.ts';
import { type RepairOptions, repair } from './repair.ts';

export interface Run {
  readonly progress: Progress;
  /** Rejects with Unavailable when a service does not answer or the process stops; a repair with OutcomeUnknown. */
  readonly report: Promise<RunReport>;
}

/** The result of a run. A repair is followed by a comparison, and reports both. */
export interface RunReport extends Report {
  readonly mended?: Mended;
}

type Kind = 'check' | 'repair';

/**
 * Runs comparisons and repairs, one at a time in each process. A request for the kind of run that is in progress shares
 * its result; a request for the other kind waits.
 */
export class ReconciliationRuns {
  readonly #options: RepairOptions;
  readonly #current = new Map<Kind, Run>();
  #last: Promise<unknown> = Promise.resolve();
  #lastReport: RunReport | undefined;
  #isStopped = false;

  constructor(options: Omit<RepairOptions, 'progress' | 'isStopped'>) {
    this.#options = { ...options, isStopped: () => this.#isStopped };
  }

  run(kind: Kind): Run {
    const current = this.#current.get(kind);
    if (current !== undefined) return current;
    const progress = startProgress();
    const report = this.#last.then(() => this.#work(kind, progress));
    const run = { progress, report };
    this.#current.set(kind, run);
    // The client may have disconnected. Without the catch, a failure would then be an unhandled rejection.
    this.#last = report
      .then((done) => {
        this.#lastReport = done;
      })
      .catch(() => {})
      .then(() => void this.#current.delete(kind));
    return run;
  }

  /** The result of the last run in this process. */
  get lastReport(): RunReport | undefined {
    return this.#lastReport;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #work(kind: Kind, progress: Progress): Promise<RunReport> {
    const options = { ...this.#options, progress };
    if (kind === 'check') return compareRecords(options);
    try {
      const mended = await repair(options);
      Object.assign(progress, startProgress());
      return { ...(await compareRecords(options)), mended };
    } catch (cause) {
      // Some records may be repaired already, so Unavailable, which promises that nothing was stored, would be wrong.
      if (!(cause instanceof Unavailable)) throw cause;
      throw new OutcomeUnknown(`the repair stopped early and may be incomplete: ${cause.message}`, { cause });
    }
  }
}
