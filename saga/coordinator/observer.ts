import type { Instance } from './store.ts';

/** What an engine tells whoever watches it: the log, metrics, a test. None of it changes what the engine does. */
export interface EngineEvents<Item extends Instance = Instance> {
  /** So many new instances were stored. */
  stored?(count: number): unknown;
  /** An action answered a set of `size` instances after `tookMs`. */
  asked?(action: string, size: number, tookMs: number): unknown;
  /** One instance went from one state to the next, by a step or by a cancellation. */
  moved?(from: string, to: string, id: number): unknown;
  /** An instance that this process ran has settled, `openMs` after it became open. */
  settled?(item: Item, openMs: number): unknown;
  /** A question to a participant got no answer. It is asked again. */
  unanswered?(participant: string): unknown;
  /** A participant went away, with the error that showed it, or came back. */
  away?(participant: string, isAway: boolean, error?: unknown): unknown;
  /** A set failed and is split by halves. */
  split?(state: string, size: number, error: unknown): unknown;
  /** An instance failed alone, `attempts` times in a row by now. It is tried again. */
  stuck?(id: number, state: string, attempts: number, error: unknown): unknown;
  /** Instances were taken up that someone left behind. */
  recovered?(count: number): unknown;
  /** The engine's own housekeeping failed; it is repeated. */
  failed?(error: unknown): unknown;
}

/** Tells two watchers, the first one first. What neither wants to know is not told at all. */
export function tellBoth<Item extends Instance>(
  one: EngineEvents<Item>,
  other: EngineEvents<Item>,
): EngineEvents<Item> {
  const both: Record<string, unknown> = { ...one, ...other };
  for (const name of Object.keys(one) as (keyof EngineEvents)[]) {
    const [first, second] = [one[name], other[name]] as (((...told: unknown[]) => unknown) | undefined)[];
    if (first === undefined || second === undefined) both[name] = first ?? second;
    else {
      both[name] = (...told: unknown[]) => {
        first(...told);
        second(...told);
      };
    }
  }
  return both;
}
