import type { Mended } from '../../contracts/book/reconciliation.ts';
import { OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { type Progress, type Report, reconcile, startProgress } from './compare.ts';
import { mend, type Repairing } from './repair.ts';

/** A reconciliation under way. */
export interface Run {
  readonly progress: Progress;
  /** Rejects with Unavailable when a service does not answer, or this process ends; a mending with OutcomeUnknown. */
  readonly report: Promise<MendReport>;
}

/** What a run says: of a mending what it did, and what a reconciliation found afterwards. */
export interface MendReport extends Report {
  readonly mended?: Mended;
}

type Kind = 'check' | 'mend';

/**
 * Runs reconciliations, one at a time in each process. Whoever asks for what is under way gets that run's answer;
 * whoever asks for the other kind waits for its end.
 */
export class ReconciliationRuns {
  readonly #repairing: Repairing;
  readonly #current = new Map<Kind, Run>();
  #last: Promise<unknown> = Promise.resolve();
  #lastReport: MendReport | undefined;
  #isStopped = false;

  constructor(repairing: Omit<Repairing, 'progress' | 'isStopped'>) {
    this.#repairing = { ...repairing, isStopped: () => this.#isStopped };
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
  get lastReport(): MendReport | undefined {
    return this.#lastReport;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #work(kind: Kind, progress: Progress): Promise<MendReport> {
    const repairing = { ...this.#repairing, progress };
    if (kind === 'check') return reconcile(repairing);
    try {
      const mended = await mend(repairing);
      Object.assign(progress, startProgress());
      return { ...(await reconcile(repairing)), mended };
    } catch (cause) {
      // Whatever was away: part of it may be mended by now.
      if (!(cause instanceof Unavailable)) throw cause;
      throw new OutcomeUnknown(`the mending was broken off, and some of it may be done: ${cause.message}`, { cause });
    }
  }
}
