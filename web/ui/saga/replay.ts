import { useEffect, useState } from 'preact/hooks';
import type { Message } from './messages.ts';

/** How long a replay takes, and at most between two messages, in milliseconds. */
const replayMs = 4_000;
const longestMs = 1_200;

export interface Replay {
  /** The messages that are to be seen: all, unless a replay is under way. */
  readonly shown: readonly Message[];
  readonly isPlaying: boolean;
  play(): void;
}

/**
 * Shows messages again, slower than they were: each after as long as it took, stretched. Where someone thought about a
 * booking for days, that takes a moment.
 */
export function useReplay(messages: readonly Message[]): Replay {
  const [upTo, setUpTo] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (upTo === undefined) return;
    if (upTo >= messages.length) return setUpTo(undefined);
    const timer = setTimeout(() => setUpTo(upTo + 1), delays(messages)[upTo] ?? 0);
    return () => clearTimeout(timer);
  }, [upTo, messages.length]);
  return {
    shown: upTo === undefined ? messages : messages.slice(0, upTo),
    isPlaying: upTo !== undefined,
    play: () => setUpTo(0),
  };
}

function delays(messages: readonly Message[]): number[] {
  const gaps = messages.map(({ atMs }, index) => Math.max(0, atMs - (messages[index - 1]?.atMs ?? atMs)));
  const worked = gaps.filter((gap) => gap < 60_000).reduce((sum, gap) => sum + gap, 0);
  const stretch = replayMs / Math.max(1, worked);
  return gaps.map((gap) => Math.min(longestMs, gap * stretch));
}
