/** How a page that is kept up to date stands with its server. */
export type Following = 'connecting' | 'live' | 'away';

export interface Listener<Data> {
  onData(data: Data): void;
  /**
   * The stream is open, for the first time or again. What happened while nobody listened is not told twice, so now is
   * the time to read the whole.
   */
  onOpen(): void;
  onState(state: Following): void;
}

/** How long after a break the next try is made, in milliseconds: not all pages at once. */
const retryMs = () => 500 + Math.random() * 1_500;

/**
 * Follows a stream of server-sent events until told to stop. An `EventSource` tries again by itself after a break, but
 * gives up for good at an answer that is no stream, as a gateway gives while the server starts: then a new one is made.
 */
export function follow<Data>(url: string, name: string, { onData, onOpen, onState }: Listener<Data>): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(url);
    source.onopen = () => {
      onState('live');
      onOpen();
    };
    source.addEventListener(name, (message) => onData(JSON.parse((message as MessageEvent<string>).data) as Data));
    source.onerror = () => {
      onState('away');
      if (source?.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(open, retryMs());
    };
  };
  onState('connecting');
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
