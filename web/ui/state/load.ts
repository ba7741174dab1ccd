import { useEffect, useRef, useState } from 'preact/hooks';

/** Something that is read from the server: not there yet, there, or not to be had. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly error: unknown;
  /** Reads it again; what is there stays until the new one comes. */
  reload(): Promise<void>;
  /** Puts something newer in its place. */
  put(change: (value: Value) => Value): void;
}

/**
 * Reads when the page opens, and anew whenever a key has changed. An answer that comes too late is dropped.
 * @param isKept whether what was read before stays until there is something new, as in a list that is searched through.
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
