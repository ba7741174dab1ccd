import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** True until the first page is shown. On later pages the heading takes the focus, so screen readers announce it. */
let isFirst = true;

interface TitleProps {
  readonly text: string;
  /** Shown next to the heading: a link or a badge. */
  readonly aside?: ComponentChildren;
  /** Shown below the heading. */
  readonly children?: ComponentChildren;
}

/** The heading of a page, and the title of the window. */
export function Title({ text, aside, children }: TitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  useEffect(() => {
    document.title = `${text} · Startlist`;
  }, [text]);
  return (
    <div class="title">
      <div class="row">
        <h1 ref={heading} tabIndex={-1}>
          {text}
        </h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
