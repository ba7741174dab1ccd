import { entry } from '../../platform/collections.ts';
import type { Instance } from './store.ts';

/** What an engine reports to logs, metrics and tests. No observer changes what the engine does. */
export interface Observer<Item extends Instance = Instance> {
  /** New instances were stored. */
  stored?(count: number): unknown;
  /** An action answered a batch of `size` instances after `tookMs`. */
  asked?(action: string, size: number, tookMs: number): unknown;
  /** One instance went from one state to the next, by a step or by a cancellation. */
  moved?(from: string, to: string, id: number): unknown;
  /** `count` instances of one batch made the same transition. Reported besides `moved`, for metrics. */
  batchMoved?(from: string, to: string, count: number): unknown;
  /** An instance that this process ran has settled, `openMs` after it became open. */
  settled?(item: Item, openMs: number): unknown;
  /** A call to a participant got no reply, and is repeated. */
  unanswered?(participant: string): unknown;
  /** A participant stopped answering, with the error that showed it, or answers again. */
  away?(participant: string, isAway: boolean, error?: unknown): unknown;
  /** A batch failed and is split into halves. */
  split?(state: string, size: number, error: unknown): unknown;
  /** An instance failed alone, for the `attempts`th time in a row. It is retried. */
  stuck?(id: number, state: string, attempts: number, error: unknown): unknown;
  /** Instances whose lease had run out were taken over. */
  recovered?(count: number): unknown;
  /** Renewing leases, recovery or polling failed, and is repeated. */
  failed?(error: unknown): unknown;
}

/** Reports how many instances of a batch made each transition. `fromOf` returns the state before, if known. */
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

/** Reports to two observers, in order. A method that neither has stays undefined and costs nothing. */
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
