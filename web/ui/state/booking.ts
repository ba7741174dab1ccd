import { useEffect } from 'preact/hooks';
import { bookings } from '../api/api.ts';
import type { BookingDetail } from '../api/shapes.ts';
import { useFollow } from './live.ts';
import { type Loaded, useLoad } from './load.ts';

const isOpen = ({ state }: BookingDetail) => state !== 'complete' && state !== 'canceled';

/**
 * The interval at which an open booking is polled, in milliseconds: the live stream contains only the viewer's own
 * bookings.
 */
const everyMs = 1_000;

/** A booking with live updates. */
export function useBooking(id: number): Loaded<BookingDetail> {
  const loaded = useLoad(() => bookings.one(id), [id]);
  const { value, reload } = loaded;
  useFollow<BookingDetail>('/book/live', 'booking', {
    onData: (booking) => booking.id === id && loaded.put(() => booking),
    onOpen: reload,
  });
  useEffect(() => {
    if (value === undefined || !isOpen(value)) return;
    const timer = setInterval(() => void reload(), everyMs);
    return () => clearInterval(timer);
  }, [value !== undefined && isOpen(value), id]);
  return loaded;
}
