import { useEffect, useRef, useState } from 'preact/hooks';

/** How a page that is kept up to date stands with its server. */
export type Connection = 'connecting' | 'live' | 'lost';

export interface Listener<Data> {
  onData(data: Data): void;
  /**
   * The stream is open, for the first time or again. What happened while nobody listened may not be told, so now is
   * the time to read the whole.
   */
  onOpen(): void;
  onState(state: Connection): void;
}

/** How long after a break the next try is made, in milliseconds: not all pages at once. */
const retryMs = () => 500 + Math.random() * 1_500;

/**
 * Follows a stream of server-sent events until told to stop. An `EventSource` tries again by itself after a break, but
 * gives up for good at an answer that is no stream, as a gateway gives while the server starts: then a new one is made.
 * A page that nobody looks at follows nothing, because browsers keep but six connections to a server, for all its pages.
 */
export function follow<Data>(url: string, name: string, { onData, onOpen, onState }: Listener<Data>): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    close();
    source = new EventSource(url);
    source.onopen = () => {
      onState('live');
      onOpen();
    };
    source.addEventListener(name, (message) => onData(JSON.parse((message as MessageEvent<string>).data) as Data));
    source.onerror = () => {
      onState('lost');
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, retryMs());
    };
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
  };
  const look = () => {
    if (document.visibilityState === 'hidden') close();
    else open();
  };
  document.addEventListener('visibilitychange', look);
  onState('connecting');
  open();
  return () => {
    document.removeEventListener('visibilitychange', look);
    close();
  };
}

/** The same for as long as a part of a page is shown. Without an address nothing is followed. */
export function useFollow<Data>(
  url: string | undefined,
  name: string,
  listener: Omit<Listener<Data>, 'onState'>,
): Connection {
  const [state, setState] = useState<Connection>('connecting');
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    if (url === undefined) return;
    return follow<Data>(url, name, {
      onData: (data) => latest.current.onData(data),
      onOpen: () => latest.current.onOpen(),
      onState: setState,
    });
  }, [url, name]);
  return state;
}
