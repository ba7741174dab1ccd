import type { ComponentChildren } from 'preact';
import { Refused } from '../api/client.ts';
import { words } from '../words/words.ts';
import { explain } from './error-text.ts';

interface NoticeProps {
  readonly kind: 'good' | 'bad' | 'wait' | 'plain';
  readonly head?: string;
  readonly children?: ComponentChildren;
}

/** A message that screen readers announce; at once if it is `bad`. */
export function Notice({ kind, head, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {head && <p class="head-line">{head}</p>}
      {children}
    </div>
  );
}

/** The thing does not exist, or the person has no access to it. */
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

/** An error with what to do next; nothing if there is no error. */
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
  readonly children: ComponentChildren;
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
