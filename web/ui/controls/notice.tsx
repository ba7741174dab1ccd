import type { ComponentChildren } from 'preact';
import { Refused } from '../api/client.ts';
import { words } from '../words/words.ts';
import { explain } from './error-text.ts';

interface NoticeProps {
  readonly kind: 'good' | 'bad' | 'wait' | 'plain';
  readonly head?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** A message that screen readers announce. A `bad` one is announced at once. */
export function Notice({ kind, head, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {head && <p class="head-line">{head}</p>}
      {children}
    </div>
  );
}

/** Shown in place of something that does not exist, or that the person has no access to. */
export function Unknown() {
  const { notFound, problems } = words.value;
  const { head, hint } = problems.kinds.not_found;
  return (
    <Notice kind="bad" head={head}>
      <p>{hint}</p>
      <p>
        <a href="/">{notFound.toEvents}</a>
      </p>
    </Notice>
  );
}

/** Shows an error and what to do next, or nothing if there is no error. */
export function Failure({ of, again }: { readonly of: unknown; readonly again?: (() => unknown) | undefined }) {
  if (of === undefined || of === null) return null;
  if (of instanceof Refused && of.status === 404) return <Unknown />;
  const { head, hint } = explain(of);
  return (
    <Notice kind="bad" head={head}>
      {hint && <p>{hint}</p>}
      {again && (
        <p>
          <button type="button" class="link" onClick={() => void again()}>
            {words.value.again}
          </button>
        </p>
      )}
    </Notice>
  );
}

interface EmptyProps {
  readonly head: string;
  /** What to do next. */
  readonly children?: ComponentChildren;
}

/** Shown in place of an empty list. */
export function Empty({ head, children }: EmptyProps) {
  return (
    <div class="empty">
      <h2>{head}</h2>
      {children}
    </div>
  );
}
