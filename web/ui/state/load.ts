import { useEffect, useRef, useState } from 'preact/hooks';
import { allPages, type Page } from '../api/client.ts';

/** A value loaded from the server. Until it arrives, both `value` and `error` are undefined. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly error: unknown;
  /** Loads again, and keeps the old value until the new one arrives. */
  reload(): Promise<void>;
  /** Changes the loaded value in place. */
  put(change: (value: Value) => Value): void;
}

/** A list with an id for each item. */
type Ided = { readonly id: number };

/**
 * Loads a list page by page, and shows the items that have arrived. A page replaces only its own items, so live updates
 * that arrive in between stay.
 */
export function useList<Item extends Ided>(
  read: (after: number) => Promise<Page<Item>>,
  keys: readonly unknown[],
): Loaded<readonly Item[]> {
  return useSteps<readonly Item[]>(async function* () {
    for await (const items of allPages(read)) yield (before = []) => merge(before, items);
  }, keys);
}

export const newestFirst = <Item extends Ided>(items: readonly Item[]) => items.toSorted((a, b) => b.id - a.id);

function merge<Item extends Ided>(before: readonly Item[], items: readonly Item[]): readonly Item[] {
  return [...new Map([...before, ...items].map((item) => [item.id, item])).values()];
}

/**
 * Loads a value when the component is shown and whenever a key changes. Drops a response that arrives out of order.
 * @param isKept keeps the old value until the new one arrives, as in a list with a search field.
 */
export function useLoad<Value>(read: () => Promise<Value>, keys: readonly unknown[], isKept = false): Loaded<Value> {
  const steps = async function* () {
    const found = await read();
    yield () => found;
  };
  return useSteps(steps, keys, isKept);
}

/** Loads a value in steps, each of which makes a new value of the one before. */
function useSteps<Value>(
  steps: () => AsyncIterable<(before: Value | undefined) => Value>,
  keys: readonly unknown[],
  isKept = false,
): Loaded<Value> {
  const [value, setValue] = useState<Value | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const turn = useRef(0);
  const reload = async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      for await (const step of steps()) {
        if (mine !== turn.current) return;
        setValue(step);
        setError(undefined);
      }
    } catch (thrown) {
      if (mine === turn.current) setError(thrown);
    }
  };
  useEffect(() => {
    if (!isKept) setValue(undefined);
    setError(undefined);
    void reload();
    return () => {
      turn.current += 1;
    };
  }, keys);
  const put = (change: (value: Value) => Value) =>
    setValue((before) => (before === undefined ? before : change(before)));
  return { value, error, reload, put };
}
