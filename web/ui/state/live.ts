import { useEffect, useRef, useState } from 'preact/hooks';

/** The state of a live stream. */
export type Connection = 'connecting' | 'live' | 'lost';

export interface Listener<Data> {
  onData(data: Data): void;
  /** The stream has opened or reopened. Changes made in between were missed: read everything again. */
  onOpen(): void;
  onState(state: Connection): void;
}

/** A random delay before reconnecting, so that not all pages reconnect at once. */
const retryMs = () => 500 + Math.random() * 1_500;

/**
 * Follows a stream of server-sent events. Returns a function that stops it. An `EventSource` reconnects after a lost
 * connection, but gives up on a response that is not a stream, such as a gateway's while the server starts. Then a new
 * `EventSource` is created. Hidden pages close their stream, because a browser opens at most six connections to a
 * server for all pages together.
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

/** Follows a stream while the component is shown. Without a `url` it does nothing. */
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
