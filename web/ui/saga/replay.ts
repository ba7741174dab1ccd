import { useEffect, useState } from 'preact/hooks';
import type { Message } from './messages.ts';

/** The approximate length of a replay, in milliseconds. */
const replayMs = 4_000;
/** The longest pause between two messages of a replay, in milliseconds. */
const longestMs = 1_200;

export interface Replay {
  /** The messages to draw: all of them, except during a replay. */
  readonly shown: readonly Message[];
  readonly isPlaying: boolean;
  play(): void;
}

/** Replays messages in slow motion. Pauses keep their proportions, but long ones are cut to `longestMs`. */
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
