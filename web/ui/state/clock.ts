import { useEffect, useState } from 'preact/hooks';
import { serverTime } from '../api/send.ts';

/**
 * The server's time, in milliseconds since 1970. The server opens and closes sales by it, and the clock of the browser may
 * be hours off. Before the first answer of the server it is the browser's.
 */
export function now(): number {
  return serverTime.at(performance.now()) ?? Date.now();
}

/**
 * The server's time at this rendering, which is repeated every second: a sale can open while its page is shown. Rendering
 * reads the clock anew, because data arrives with a better time than was known before.
 */
export function useNow(everyMs = 1_000): number {
  const [, render] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => render((times) => times + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now();
}
