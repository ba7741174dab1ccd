import { useEffect, useState } from 'preact/hooks';

/** The time, in milliseconds since 1970, drawn again once a second: a sale opens while one looks at it. */
export function useNow(): number {
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
