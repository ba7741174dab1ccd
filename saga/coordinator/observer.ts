import { entry } from '../../platform/collections.ts';
import type { Instance } from './store.ts';

/** The events that an engine reports to logs, metrics and tests. An observer does not change what the engine does. */
export interface Observer<Item extends Instance = Instance> {
  /** New instances were stored. */
  stored?(count: number): unknown;
  /** The participant replied to a batch of `size` instances after `tookMs`. */
  asked?(action: string, size: number, tookMs: number): unknown;
  /** One instance moved from one state to another, by a step or by a cancellation. */
  moved?(from: string, to: string, id: number): unknown;
  /** `count` instances of one batch made the same transition. For metrics; `moved` reports each instance as well. */
  batchMoved?(from: string, to: string, count: number): unknown;
  /** An instance that this process ran has settled, `openMs` after it became open. */
  settled?(item: Item, openMs: number): unknown;
  /** A call to a participant got no reply. The engine repeats the call. */
  unanswered?(participant: string): unknown;
  /** A participant became unavailable, with the error of the failed call, or is available again. */
  away?(participant: string, isAway: boolean, error?: unknown): unknown;
  /** A batch failed. The engine splits it into halves. */
  split?(state: string, size: number, error: unknown): unknown;
  /** The step of this one instance failed for the `attempts`th time in a row, and is retried. */
  stuck?(id: number, state: string, attempts: number, error: unknown): unknown;
  /** This process took over `count` due instances. */
  recovered?(count: number): unknown;
  /**
   * Background work failed and is retried: renewing leases, taking over instances, polling, or recording a failed
   * attempt.
   */
  failed?(error: unknown): unknown;
}

/** Reports the number of instances of a batch for each transition. `fromOf` returns the previous state, if known. */
export function reportBatch<Item extends Instance>(
  observer: Observer<Item>,
  moved: readonly Item[],
  fromOf: (item: Item) => string | undefined,
): void {
  if (observer.batchMoved === undefined) return;
  const counts = new Map<string, Map<string, number>>();
  for (const item of moved) {
    const from = fromOf(item);
    if (from === undefined) continue;
    const targets = entry(counts, from, () => new Map<string, number>());
    targets.set(item.state, (targets.get(item.state) ?? 0) + 1);
  }
  for (const [from, targets] of counts) for (const [to, count] of targets) observer.batchMoved(from, to, count);
}

/** Reports each event to two observers, in order. A method that both lack stays undefined and costs nothing. */
export function observeBoth<Item extends Instance>(one: Observer<Item>, other: Observer<Item>): Observer<Item> {
  const both: Record<string, unknown> = { ...one, ...other };
  for (const name of Object.keys(one) as (keyof Observer)[]) {
    const [first, second] = [one[name], other[name]] as (((...values: unknown[]) => unknown) | undefined)[];
    if (first === undefined || second === undefined) both[name] = first ?? second;
    else {
      both[name] = (...values: unknown[]) => {
        first(...values);
        second(...values);
      };
    }
  }
  return both;
}
