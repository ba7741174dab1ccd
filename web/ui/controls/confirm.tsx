import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Action } from '../state/action.ts';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';
import { Failure } from './notice.tsx';

interface ConfirmProps {
  readonly head: ComponentChildren;
  readonly children: ComponentChildren;
  /** The label of the confirming button. */
  readonly doIt: string;
  /** `bad` for an irreversible action, which is the usual reason to ask. */
  readonly kind?: 'main' | 'bad';
  readonly action: Action<[]>;
  readonly onClose: () => void;
}

/** Asks for confirmation before an action. Escape and the first button close the dialog. */
export function Confirm({ head, children, doIt, kind = 'bad', action, onClose }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
      <div class="stack">
        <h2 id={id}>{head}</h2>
        {children}
        <Failure of={action.error} />
        <div class="row">
          <Button onClick={() => dialog.current?.close()}>{words.value.keepIt}</Button>
          <Button kind={kind} isBusy={action.isBusy} onClick={() => action.run()}>
            {doIt}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
