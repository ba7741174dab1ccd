import { useEffect } from 'preact/hooks';
import { bookings } from '../api/api.ts';
import type { BookingDetail } from '../api/shapes.ts';
import { type Loaded, useLoad } from './load.ts';

const isOpen = ({ state }: BookingDetail) => state !== 'complete' && state !== 'canceled';

/** How often an open booking is looked at, in milliseconds. */
const everyMs = 150;

/** A booking, followed while it is open. */
export function useBooking(id: number): Loaded<BookingDetail> {
  const loaded = useLoad(() => bookings.one(id), [id]);
  const { value, reload } = loaded;
  useEffect(() => {
    if (value === undefined || !isOpen(value)) return;
    const timer = setInterval(() => void reload(), everyMs);
    return () => clearInterval(timer);
  }, [value !== undefined && isOpen(value), id]);
  return loaded;
}
