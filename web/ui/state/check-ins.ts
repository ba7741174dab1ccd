import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { organizing } from '../api/api.ts';
import type { CheckedIn } from '../api/shapes.ts';
import { CheckInQueue, type Guest, type Scan } from './check-in-queue.ts';

/** The queues of this page by event. They outlive the page of the door: a scan that waits is sent from any page. */
const queues = new Map<number, ReturnType<typeof createQueue>>();

function createQueue(eventId: number) {
  const scans = signal<readonly Scan[]>([]);
  const isLost = signal(false);
  const queue = new CheckInQueue({
    checkIn: (guest) => organizing.checkIn(eventId, guest),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onChange: () => {
      scans.value = queue.scans;
      isLost.value = queue.isLost;
    },
  });
  return { queue, scans, isLost };
}

export interface CheckIns {
  /** The scans made since the page was shown, and those that waited then; the newest first. */
  readonly scans: readonly Scan[];
  /** Whether the connection is lost. Scans wait, and are sent again by themselves. */
  readonly isLost: boolean;
  add(guest: Guest): void;
}

/**
 * The check-ins at an event. Each is answered, in the order in which they were made.
 * @param onDone called once for each check-in, also for one made before the page was shown and answered now.
 */
export function useCheckIns(eventId: number, onDone?: (done: CheckedIn) => void): CheckIns {
  const found = queues.get(eventId) ?? createQueue(eventId);
  queues.set(eventId, found);
  const { queue, scans, isLost } = found;
  const [known] = useState(() => new Set(scans.value.filter(({ outcome }) => outcome).map(({ id }) => id)));
  const shown = scans.value.filter(({ id }) => !known.has(id));
  const told = useRef(new Set<number>());
  useEffect(() => queue.resume(), [queue]);
  useEffect(() => {
    for (const { id, outcome } of shown) {
      if (outcome === undefined || !('done' in outcome) || told.current.has(id)) continue;
      told.current.add(id);
      onDone?.(outcome.done);
    }
  }, [scans.value]);
  return {
    scans: shown,
    isLost: isLost.value,
    add: (guest) => queue.add(guest),
  };
}
