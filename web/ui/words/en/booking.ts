import { pluralOf } from '../plural.ts';

const plural = pluralOf('en');

/** Texts for a runner: events, booking one of their places, bookings and tickets. */
export const booking = {
  events: {
    title: 'Events',
    intro: 'Places left, updated live.',
    find: 'Find an event',
    none: 'There are no events yet.',
    noneHint: 'Come back soon: new events appear here.',
    createFirst: 'Create the first event',
    noneFound: 'No events found.',
    noneFoundHint: 'Try a shorter search.',
    strips: {
      open: 'PLACES LEFT',
      not_open: 'SOON',
      sold_out: 'SOLD OUT',
      canceled: 'CANCELED',
      closed: 'CLOSED',
      over: 'OVER',
    },
    leftOf: (_left: string | number, total: number) => `of ${total.toLocaleString('en')}`,
    opensAt: (at: string) => `Booking opens ${at}`,
    filled: (share: string) => `${share} taken`,
  },

  event: {
    booking: 'Book',
    organize: 'Manage this event',
    startsAt: 'When',
    venue: 'Where',
    price: 'Price',
    slots: 'Places',
    saleOpens: 'Booking opens',
    maxPerPerson: 'Limit per person',
    cancelUntil: 'Cancel until',
    canceled: (at: string) => `This event was canceled ${at}.`,
    givenBack: (given: number, of: number) =>
      of === 0
        ? 'There were no bookings.'
        : `Refunded so far: ${given} of ${of} ${plural(of, { one: 'booking', other: 'bookings' })}.`,
    bookAnother: (price: string) => `Book another place for ${price}`,
    bookAnotherFree: 'Book another place for free',
    havePlaces: (count: number) => (count === 1 ? 'You have a place.' : `You have ${count} places.`),
    ticketOf: (id: number) => `Ticket of booking ${id}`,
    saleCloses: 'Booking closes',
    signInToBook: 'Sign in to book',
    book: (price: string) => `Book for ${price}`,
    bookFree: 'Book for free',
    balance: (amount: string) => `Your balance: ${amount}`,
  },

  confirmBooking: {
    head: 'Book this place?',
    anotherHead: 'You have a place already. Book another one?',
    total: 'Total',
    anyTime: 'at any time',
    notAnyMore: 'This booking cannot be canceled.',
  },

  outcome: {
    underWay: 'Booking …',
    complete: (id: number) => `You are on the list. Booking ${id} is confirmed.`,
    paid: (price: string) => `Paid from your balance: ${price}.`,
    toTicket: 'Show ticket',
    toEvent: 'Back to the event',
    missing: (amount: string) => `Top up ${amount} and book again. Your place was released, and nothing was charged.`,
    topUpAndBook: (amount: string) => `Top up ${amount} and book`,
    enoughNow: 'Your balance is enough now. Book again',
    refunded: (price: string) => `Refunded to your balance: ${price}.`,
    refundedToOwner: (price: string) => `Refunded to the participant: ${price}.`,
    refundedAtDesk: (price: string, reference: string) => `The desk returns ${price} (receipt ${reference}).`,
    byItsOwner: 'The participant canceled this booking.',
    newPrice: (price: string) => `The price is now: ${price}.`,
    otherReason: (reason: string) => `This booking was canceled (${reason}).`,
    otherHint: 'Anything you paid was refunded to your balance.',
    reasons: {
      no_slots: {
        short: 'sold out',
        head: 'Sold out. The last place has just been taken.',
        hint: 'Nothing was charged. If someone cancels, a place becomes free again.',
      },
      no_such_event: { short: 'no such event', head: 'This event does not exist.', hint: 'Nothing was charged.' },
      insufficient_funds: {
        short: 'balance too low',
        head: 'Your balance is too low.',
        hint: 'Top up and book again. Nothing was charged.',
      },
      by_owner: { short: 'by you', head: 'You canceled this booking.', hint: 'You can book again.' },
      by_organizer: {
        short: 'by the organizer',
        head: 'The organizer canceled this booking.',
        hint: 'Anything you paid was refunded to your balance.',
      },
      event_canceled: {
        short: 'event canceled',
        head: 'The event was canceled.',
        hint: 'Anything you paid was refunded to your balance.',
      },
      sales_not_open: {
        short: 'not open yet',
        head: 'Booking has not opened yet.',
        hint: 'Nothing was charged. Come back when it opens.',
      },
      reference_used: {
        short: 'reference used',
        head: 'Another payment has this reference.',
        hint: 'Nothing was booked. Check the receipt, and use its own reference.',
      },
      sales_closed: {
        short: 'booking closed',
        head: 'Booking has closed.',
        hint: 'Nothing was charged. Ask the organizer whether there is still a place.',
      },
      price_changed: {
        short: 'price changed',
        head: 'The price has changed.',
        hint: 'Nothing was charged. Look at the new price before you book.',
      },
      limit_per_person: {
        short: 'limit per person',
        head: 'You have reached the limit of places per person.',
        hint: 'Nothing was charged. To book another place, cancel one you have.',
      },
      undone: {
        short: 'not completed',
        head: 'This booking could not be completed.',
        hint: 'Nothing was charged. You can book again.',
      },
    },
  },

  states: {
    occupying: 'reserving',
    paying: 'paying',
    complete: 'confirmed',
    refunding: 'refunding',
    releasing: 'releasing',
    canceled: 'canceled',
    checked_in: 'checked in',
  },

  saga: {
    title: 'Booking progress',
    replay: 'Replay slowly',
    underWay: 'In progress.',
    settledIn: (time: string) => `Processed in ${time}.`,
    note: 'Recorded times, counted from the first step.',
    waiting: 'waiting …',
    later: (time: string) => `— ${time} later —`,
    lifelines: { person: 'User', book: 'Book', events: 'Event', account: 'Account' },
    messages: {
      register: 'register',
      occupy: 'occupy',
      occupied: 'occupied',
      occupy_refused: 'refused',
      pay: 'pay',
      paid: 'paid',
      pay_refused: 'refused',
      complete: 'complete',
      cancel: 'cancel',
      event_canceled: 'called off',
      undone: 'undo',
      refund: 'refund',
      refunded: 'refunded',
      release: 'release',
      released: 'released',
      canceled: 'canceled',
    },
  },

  bookings: {
    title: 'My bookings',
    none: 'You have no bookings yet.',
    noneHint: 'Choose an event and book with one click. Your ticket appears here.',
    toEvents: 'All events',
    eventOf: (id: number) => `Event ${id}`,
    cancel: 'Cancel booking',
    cancelHead: 'Cancel this booking?',
    cancelHint: (price: string) => `You get ${price} back to your balance. Your place may be taken right away.`,
    cancelDeskHint: (price: string, reference: string) =>
      `The desk returns ${price} (receipt ${reference}). The place may be taken right away.`,
    cancelFreeHint: 'Your place may be taken right away.',
    until: (at: string) => `You can cancel until ${at}.`,
    tooLate: (at: string) => `Cancellation was possible until ${at}.`,
    checkedIn: (at: string) => `Checked in ${at}. The booking can no longer be canceled.`,
  },

  ticket: {
    title: 'Ticket',
    code: 'Ticket code',
    qr: 'QR code of the ticket',
    calendar: 'Add to calendar',
    print: 'Print',
  },
};
