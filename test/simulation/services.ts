import { type CashDesk, createCashDesk } from '../../account/cash/cash-desk.ts';
import { createDeposits, type Deposits } from '../../account/cash/deposits.ts';
import { createAccountParticipant } from '../../account/payments/participant.ts';
import { createAccountRecords } from '../../account/reconciliation-store.ts';
import { createAccountStore } from '../../account/store.ts';
import { CanceledEvents } from '../../book/bookings/canceled-events.ts';
import { createBookingKeys, createOnce } from '../../book/bookings/create-once.ts';
import { createBookStore } from '../../book/bookings/store.ts';
import { compareRecords, type Report } from '../../book/reconciliation/compare.ts';
import { IdRaiser } from '../../book/reconciliation/raise-ids.ts';
import { createReconciliationStore } from '../../book/reconciliation/store.ts';
import { bookingActions } from '../../book/saga/actions.ts';
import type { Booking, BookingDraft, StepReply } from '../../book/saga/booking-schema.ts';
import { bookingSaga, type Status } from '../../book/saga/table.ts';
import type { Account } from '../../contracts/account/calls.ts';
import type { Auth } from '../../contracts/auth/calls.ts';
import type { Events } from '../../contracts/events/calls.ts';
import type { AccountRecords, EventsRecords } from '../../contracts/records.ts';
import { changeEvent } from '../../events/edits.ts';
import { createEventsParticipant } from '../../events/participant.ts';
import { createEventsRecords } from '../../events/reconciliation-store.ts';
import { createEventsStore, type Event } from '../../events/store.ts';
import { Unavailable } from '../../platform/errors.ts';
import { Engine } from '../../saga/coordinator/engine.ts';
import type { Observer } from '../../saga/coordinator/observer.ts';
import { changeLocked } from '../support/participants.ts';
import type { History } from './history.ts';
import type { Life } from './life.ts';
import { logInto } from './log.ts';
import type { Network, Site } from './network.ts';
import type { Scenario } from './scenario.ts';
import type { Ground } from './sites.ts';
import { Planted } from './weather.ts';

/** The API of each kind of process. */
export interface EventsApi extends Events, EventsRecords {
  /** The price that an event shows; undefined for an unknown event. */
  priceOf(eventId: number): Promise<number | undefined>;
  /** @throws Conflict when the event is canceled. */
  changePrice(eventId: number, price: number): Promise<Event | undefined>;
  cancelEvent(eventId: number): Promise<Event | undefined>;
}
export type AccountApi = Account & AccountRecords & Deposits & { readonly desk: CashDesk };
export interface BookApi {
  create(draft: BookingDraft, waitMs: number): Promise<Booking>;
  /** Returns undefined if there is no such booking. */
  cancel(bookingId: number, waitMs: number): Promise<Booking | undefined>;
  reconcile(): Promise<Report>;
  stop(): Promise<void>;
}

export function openEvents({ database }: Ground, life: Life): EventsApi {
  const own = database.connect(life);
  const store = createEventsStore(own);
  const now = () => new Date(life.world.now());
  return {
    ...createEventsParticipant(store, life.world),
    ...createEventsRecords(own),
    priceOf: async (eventId) => (await store.get(eventId))?.price,
    changePrice: (eventId, price) =>
      store.once({ keyed: undefined, now: now() }, (tables) =>
        changeLocked(tables, eventId, (event) => changeEvent(event, { price }, now())),
      ),
    cancelEvent: (eventId) => store.cancel(eventId, now()),
  };
}

/** A simulation has no auth: every person id exists. */
export const everybody: Auth['names'] = async (ids) => {
  return ids.map((id) => ({ id, login: '', firstName: '', lastName: '' }));
};

export function openAccount({ database }: Ground, life: Life): AccountApi {
  const own = database.connect(life);
  const store = createAccountStore(own);
  const { world } = life;
  return {
    ...createAccountParticipant(store, world),
    ...createAccountRecords(own),
    ...createDeposits(store, world),
    desk: createCashDesk(store, world, { names: everybody }),
  };
}

function recordsThrough(network: Network, caller: Life, events: Site<EventsApi>, account: Site<AccountApi>) {
  return {
    events: network.reads(
      caller,
      events,
      'slotRecords',
      'slotRecordsOf',
      'slotCounters',
      'highestBooking',
      'highestPerson',
    ),
    account: network.reads(
      caller,
      account,
      'paymentRecords',
      'paymentRecordsOf',
      'balances',
      'transferSums',
      'highestBooking',
      'highestPerson',
    ),
  };
}

/** A book process as `book/service.ts` builds it, on existing tables. */
export function openBook(
  { database, network, history }: Ground,
  life: Life,
  { events, account }: { readonly events: Site<EventsApi>; readonly account: Site<AccountApi> },
  { open, bulk, maxBatch, leaseMs }: Scenario['limits'],
): BookApi {
  const participants = { events: network.events(life, events), account: network.account(life, account) };
  const { world } = life;
  const own = database.connect(life);
  const store = createBookStore(own);
  const engine = new Engine<Status, Booking, BookingDraft, StepReply>({
    saga: bookingSaga,
    store,
    world,
    actions: bookingActions(participants),
    isBulk: ({ reason }) => reason === 'event_canceled',
    observer: watch(life, history),
    limits: { open, bulk, batches: { lanes: 2, maxBatch }, leaseMs },
  });
  const log = logInto(history, life.name);
  const canceledEvents = new CanceledEvents(engine, participants.events, world, log);
  const records = recordsThrough(network, life, events, account);
  const options = { store: createReconciliationStore(own), records, names: everybody, world };
  const keys = createBookingKeys(own);
  const ids = new IdRaiser(options.store, records, world, log);
  ids.start();
  engine.start();
  canceledEvents.start();
  return {
    async create(draft, waitMs) {
      await ids.checked();
      return createOnce({ engine, keys }, draft, waitMs);
    },
    async cancel(bookingId, waitMs) {
      const found = await store.get(bookingId);
      return found && ((await engine.cancel(bookingId, 'by_owner', waitMs)) ?? found.booking);
    },
    reconcile: () => compareRecords(options),
    async stop() {
      ids.stop();
      canceledEvents.stop();
      await engine.stop();
    },
  };
}

/**
 * Records what an engine reports. Failures that were not planted are offences: an unavailable participant must not
 * split a batch, and one poisoned booking must not delay another.
 */
function watch({ name }: Life, history: History): Observer {
  const requirePlanted = (what: string, error: unknown) =>
    error instanceof Planted || history.blame(`${name}: ${what}: ${error}`);
  return {
    away(participant, isAway) {
      history.say(name, `${participant} is ${isAway ? 'unavailable' : 'available again'}`);
      if (isAway) history.count(participant === 'store' ? 'database unavailable' : 'participant unavailable');
    },
    split(state, size, error) {
      history.say(name, `a batch of ${size} in ${state} is split: ${error}`);
      history.count('batch split');
      requirePlanted('a batch failed', error);
    },
    stuck(id, state, attempts, error) {
      history.say(name, `booking ${id} in ${state} failed in a batch of its own, attempt ${attempts}`);
      history.count('booking failed in a batch of its own');
      requirePlanted(`booking ${id} failed in a batch of its own`, error);
      const { bookingId = id } = error as Planted;
      if (bookingId !== id) history.blame(`${name}: booking ${id} failed because booking ${bookingId} is poisoned`);
    },
    moved: (from, to) => history.count(`moved from ${from} to ${to}`),
    recovered(count) {
      history.say(name, `takes over ${count} bookings`);
      history.count('booking taken over', count);
    },
    failed: (error) => error instanceof Unavailable || requirePlanted('housekeeping failed', error),
  };
}
