import { useRef, useState } from 'preact/hooks';

/** An action that a person starts. Only one run is in progress at a time, and its error is kept until the next run. */
export interface Action<Given extends unknown[]> {
  readonly isBusy: boolean;
  readonly error: unknown;
  run(...given: Given): Promise<void>;
  forget(): void;
}

export function useAction<Given extends unknown[]>(work: (...given: Given) => Promise<unknown>): Action<Given> {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  // `isBusy` changes with the next render, and a second click can come before that.
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
