import { useRef, useState } from 'preact/hooks';

/** Something that a person sets off: at most once at a time, and with an error that stays until the next try. */
export interface Action<Given extends unknown[]> {
  readonly isBusy: boolean;
  readonly error: unknown;
  run(...given: Given): Promise<void>;
  forget(): void;
}

export function useAction<Given extends unknown[]>(work: (...given: Given) => Promise<unknown>): Action<Given> {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  // The state is as it was drawn, and a second click may come before it is drawn again.
  const isRunning = useRef(false);
  return {
    isBusy,
    error,
    forget: () => setError(undefined),
    async run(...given) {
      if (isRunning.current) return;
      isRunning.current = true;
      setBusy(true);
      setError(undefined);
      try {
        await work(...given);
      } catch (thrown) {
        setError(thrown);
      } finally {
        isRunning.current = false;
        setBusy(false);
      }
    },
  };
}
