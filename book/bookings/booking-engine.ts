import type { Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import { Engine } from '../../saga/coordinator/engine.ts';
import type { EngineLimits } from '../../saga/coordinator/limits.ts';
import { type Observer, observeBoth } from '../../saga/coordinator/observer.ts';
import { bookingActions, type Participants } from '../saga/actions.ts';
import type { Booking, BookingDraft, StepReply } from '../saga/booking-schema.ts';
import { bookingSaga, type Status } from '../saga/table.ts';
import type { LiveBookings } from './live.ts';
import type { BookStore } from './store.ts';

/** The engine that runs the sagas of bookings. */
export type BookingEngine = Engine<Status, Booking, BookingDraft, StepReply>;

/** Keeps new booking ids above the ids that the participants know. */
export interface IdGuard {
  /** Starts a check of the ids. Called when the database may have been replaced by an older copy. */
  check(): void;
  /** Resolves when a booking may be stored. */
  checked(): Promise<void>;
}

export interface BookingEngineParts {
  readonly store: BookStore;
  readonly live: LiveBookings;
  readonly participants: Participants;
  readonly ids: IdGuard;
  readonly observer: Observer<Booking>;
  readonly world: World;
  readonly log: Logger;
  readonly limits?: Partial<EngineLimits> | undefined;
}

export function createBookingEngine(parts: BookingEngineParts): BookingEngine {
  const { store, live, participants, ids, observer, world, log, limits } = parts;
  const insert: BookStore['insert'] = async (drafts, now, dueAt) => {
    try {
      return await store.insert(drafts, now, dueAt);
    } catch (error) {
      // A database that failed may come back as an older copy, whose next ids are already in use.
      ids.check();
      throw error;
    }
  };
  return new Engine<Status, Booking, BookingDraft, StepReply>({
    name: 'booking',
    saga: bookingSaga,
    store: live.watching({ ...store, insert }),
    world,
    actions: bookingActions(participants),
    isBulk: ({ reason }) => reason === 'event_canceled',
    observer: observeBoth(logEvents(log, ids), observer),
    ...(limits && { limits }),
  });
}

/** Logs what an operator needs to know, and checks the ids after each failure of the database. */
function logEvents(log: Logger, ids: IdGuard): Observer<Booking> {
  return {
    away(participant, isAway, err) {
      if (participant === 'store') ids.check();
      if (isAway)
        log.warn({ participant, err }, `${participant} does not answer; bookings that need it wait and are retried`);
      else log.info({ participant }, `${participant} answers again`);
    },
    moved: (from, to, booking) => log.debug({ booking, from, to }, 'booking changed state'),
    split: (state, size, err) => log.warn({ state, size, err }, 'batch failed; retrying it in two halves'),
    stuck: (booking, state, attempts, err) =>
      log.error(
        { booking, state, attempts, err },
        'booking failed even when tried alone; retrying after a longer pause',
      ),
    recovered: (count) => log.info({ count }, 'recovered open bookings of a process that is gone'),
    failed(err) {
      ids.check();
      log.warn({ err }, 'recovery of open bookings failed; retrying');
    },
  };
}
