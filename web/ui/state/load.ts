import { useEffect, useRef, useState } from 'preact/hooks';

/** A value loaded from the server. Until it arrives, both `value` and `error` are undefined. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly error: unknown;
  /** Loads again, and keeps the old value until the new one arrives. */
  reload(): Promise<void>;
  /** Changes the loaded value in place. */
  put(change: (value: Value) => Value): void;
}

/**
 * Loads a value when the component is shown and whenever a key changes. Drops a response that arrives out of order.
 * @param isKept keeps the old value until the new one arrives, as in a list with a search field.
 */
export function useLoad<Value>(read: () => Promise<Value>, keys: readonly unknown[], isKept = false): Loaded<Value> {
  const [value, setValue] = useState<Value | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const turn = useRef(0);
  const reload = async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const found = await read();
      if (mine !== turn.current) return;
      setValue(() => found);
      setError(undefined);
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
