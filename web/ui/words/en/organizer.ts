import { pluralOf } from '../plural.ts';

const plural = pluralOf('en');

/** Texts for an organizer: events, their sales and attendees, and check-in. */
export const organizer = {
  organize: {
    title: 'Your events',
    create: 'New event',
    none: 'You have no events yet.',
    noneHint: 'Create an event, and people can book right away.',
    newTitle: 'New event',
    createIt: 'Create event',
    editTitle: 'Edit event',
    saveIt: 'Save',
    back: 'Cancel',
    rules: 'Rules (optional)',
    priceHint: 'A new price applies to new bookings only.',
    slotsHint: (taken: number) => `Already taken: ${taken}. The total cannot be lower.`,
    saleOpensHint: 'Booking is closed before this time.',
    cancelUntilHint: 'Bookings can be canceled until this time.',
    maxHint: 'How many places one person can book.',
    fields: {
      event_name: 'Name',
      price: 'Price',
      total_slots: 'Places',
      starts_at: 'When',
      venue: 'Where',
      description: 'Description',
      sale_opens_at: 'Booking opens',
      max_per_person: 'Limit per person',
      cancel_until: 'Cancel until',
    },
  },

  overview: {
    attendees: 'Attendees',
    checkIn: 'Check-in',
    edit: 'Edit',
    publicPage: 'Public page',
    taken: 'Places taken',
    rate: 'Bookings per second',
    moneyTaken: 'Payments',
    refunded: 'Refunds',
    curve: 'Places taken over time',
    noSales: 'No bookings yet. The chart starts with the first booking.',
    curveLabel: (taken: number, total: number) => `Places taken over time: ${taken} of ${total} now`,
    refunds: 'Refunded so far',
    cancel: 'Cancel this event',
    cancelHead: 'Cancel the whole event?',
    cancelHint: (taken: number) =>
      taken === 0
        ? 'There are no bookings. This cannot be undone.'
        : `${taken} ${plural(taken, { one: 'booking', other: 'bookings' })} will be canceled and refunded. This cannot be undone.`,
  },

  attendees: {
    title: 'Attendees',
    csv: 'Download CSV',
    find: 'Find by name or login',
    none: 'No attendees yet.',
    noneHint: 'People appear here as soon as they book.',
    noneFound: 'No attendees found.',
    noneFoundHint: 'Try a shorter search.',
    more: 'Show more',
    booking: 'Booking',
    name: 'Name',
    login: 'Login',
    paid: 'Paid',
    checkedIn: 'Checked in',
    checkIn: 'Check in',
  },

  checkIn: {
    title: 'Check-in',
    code: 'Ticket code',
    checkIn: 'Check in',
    scan: 'Scan with camera',
    stopScanning: 'Stop scanning',
    camera: 'Camera view',
    noCamera: 'The camera cannot be used. Type the code instead.',
    admitted: (id: number, name: string) => `Welcome, ${name}! Booking ${id}.`,
    again: (id: number, name: string) => `Booking ${id} (${name}) is already checked in.`,
    firstAt: (at: string) => `First check-in: ${at}.`,
    unknown: 'No ticket has this code.',
    unknownHint: 'Check the code for typos, or check the person in from the list:',
    hint: 'You can also use a barcode scanner: it types the code into this field.',
  },
};
