import type { ComponentChildren } from 'preact';
import type { Loaded } from '../state/load.ts';
import { words } from '../words/words.ts';
import { Failure } from './notice.tsx';

interface LoadingProps<Value> {
  readonly of: Loaded<Value>;
  /** Shows an error below a value as well: the rest of a list is missing. */
  readonly isList?: boolean;
  readonly children: (value: Value) => ComponentChildren;
}

/** Shows a loaded value, a placeholder until it arrives, or the error with a retry button. */
export function Loading<Value>({ of: { value, error, reload }, isList, children }: LoadingProps<Value>) {
  if (value !== undefined) {
    return (
      <>
        {children(value)}
        {isList && <Failure of={error} again={reload} />}
      </>
    );
  }
  if (error !== undefined) return <Failure of={error} again={reload} />;
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{words.value.loading}</span>
    </div>
  );
}
