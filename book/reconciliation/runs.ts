import type { Mended } from '../../contracts/book/reconciliation.ts';
import { OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { compareRecords, type Progress, type Report, startProgress } from './compare.ts';
import { type RepairOptions, repair } from './repair.ts';

/** A reconciliation under way. */
export interface Run {
  readonly progress: Progress;
  /** Rejects with Unavailable when a service does not answer, or this process ends; a mending with OutcomeUnknown. */
  readonly report: Promise<RunReport>;
}

/** What a run says: of a mending what it did, and what a reconciliation found afterwards. */
export interface RunReport extends Report {
  readonly mended?: Mended;
}

type Kind = 'check' | 'repair';

/**
 * Runs reconciliations, one at a time in each process. Whoever asks for what is under way gets that run's answer;
 * whoever asks for the other kind waits for its end.
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
    // Nobody may be left to hear of a failure: then there is none to be told.
    this.#last = report
      .then((said) => {
        this.#lastReport = said;
      })
      .catch(() => {})
      .then(() => void this.#current.delete(kind));
    return run;
  }

  /** What the last run of this process said, if there was one. */
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
      // Whatever was away: part of it may be mended by now.
      if (!(cause instanceof Unavailable)) throw cause;
      throw new OutcomeUnknown(`the mending was broken off, and some of it may be done: ${cause.message}`, { cause });
    }
  }
}
