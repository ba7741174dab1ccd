import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Whether a page was open before this one: then its heading takes the focus, as a page's load would take it. */
let isFirst = true;

interface TitleProps {
  readonly text: string;
  /** What stands at the heading's side: a link, a badge. */
  readonly aside?: ComponentChildren;
  /** What stands below. */
  readonly children?: ComponentChildren;
}

/** The heading of a page, which is also the title of the window. */
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
