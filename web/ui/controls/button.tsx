import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  /** `main` for the primary action of a page, `bad` for an irreversible one. */
  readonly kind?: 'main' | 'bad' | undefined;
  readonly large?: boolean;
  readonly wide?: boolean;
  readonly type?: 'button' | 'submit';
  readonly isBusy?: boolean;
  readonly disabled?: boolean;
  readonly onClick?: () => unknown;
}

export function Button({ children, kind, large, wide, type = 'button', isBusy, disabled, onClick }: ButtonProps) {
  const names = ['button', kind, large && 'large', wide && 'wide'].filter(Boolean).join(' ');
  return (
    // A busy button is not disabled, because it would lose the focus.
    <button
      type={type}
      class={names}
      disabled={disabled ?? false}
      aria-busy={isBusy ?? false}
      {...(onClick && { onClick: () => void (isBusy || onClick()) })}
    >
      {children}
    </button>
  );
}
