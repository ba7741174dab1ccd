import { pluralOf } from './plural.ts';

const plural = pluralOf('en');
const slots = (count: number) => plural(count, { one: 'slot', other: 'slots' });

/** All texts in English. `Words` is their shape, which every other language has, too. */
export const en = {
  name: 'English',
  short: 'EN',
  loading: 'Loading …',
  again: 'Try again',
  keepIt: 'Leave it as it is',
  free: 'free',
  following: { connecting: 'connecting …', live: 'live', away: 'no connection, trying again …' },

  frame: {
    skip: 'Skip to the content',
    navigation: 'Pages',
    events: 'Events',
    bookings: 'My bookings',
    organize: 'Organize',
    operate: 'Operate',
    signIn: 'Sign in',
    signOut: 'Sign out',
    balance: 'My balance',
    account: 'My account',
    about: 'Startlist: as many places as there are, and not one more.',
    api: 'API',
    themes: { auto: 'Light: as the system says', light: 'Light: bright', dark: 'Light: dark' },
  },

  nowhere: { title: 'Nothing here', head: 'There is no page at this address.', toEvents: 'To all events' },

  problems: {
    unreachable: {
      head: 'Startlist does not answer.',
      hint: 'Check your connection. Nothing is lost: try again in a moment.',
    },
    unexpected: {
      head: 'This page ran into an error.',
      hint: 'Reload it. If it happens again, tell whoever runs this Startlist.',
    },
    refused: 'Startlist refused this.',
    kinds: {
      invalid_input: { head: 'Something in this form is not right.' },
      unauthenticated: { head: 'You are not signed in.', hint: 'Sign in and try again.' },
      forbidden: { head: 'You are not allowed to do this.' },
      not_found: { head: 'This does not exist.', hint: 'Check the address, or go back to all events.' },
      conflict: { head: 'Not possible as things stand.' },
      too_many_requests: { head: 'That was too often.', hint: 'Wait a minute and try again.' },
      internal: { head: 'An error on our side.', hint: 'It was written to the log. Try again in a moment.' },
      unavailable: { head: 'Not available right now.', hint: 'Nothing was stored. Try again in a moment.' },
      outcome_unknown: {
        head: 'The connection broke, so it is not known whether this was done.',
        hint: 'Look whether it was, before you try again.',
      },
    },
  },

  signIn: {
    title: 'Sign in',
    login: 'Login',
    password: 'Password',
    go: 'Sign in',
    wrong: 'Login and password do not fit together. Check both and try again.',
    noAccount: 'New here?',
    toSignUp: 'Sign up',
    needed: 'Sign in to see this.',
    notYours: 'This page is not for you.',
    askAdmin: 'An admin can give you the role that it needs.',
  },

  signUp: {
    title: 'Sign up',
    firstName: 'First name',
    lastName: 'Last name',
    email: 'E-mail',
    passwordHint: 'A long one that you use nowhere else.',
    go: 'Sign up',
    taken: 'Someone has this login already. Choose another.',
    haveAccount: 'Signed up before?',
  },

  events: {
    title: 'Events',
    intro: 'What is left, as it is at this moment.',
    find: 'Find an event',
    none: 'There are no events yet.',
    noneHint: 'They appear here as soon as an organizer creates one.',
    createFirst: 'Create the first event',
    noneFound: 'No event is called that.',
    noneFoundHint: 'Try fewer letters, or another place.',
    strips: { open: 'SLOTS LEFT', not_open: 'NOT OPEN YET', sold_out: 'SOLD OUT', canceled: 'CANCELED', over: 'OVER' },
    leftOf: (_left: string | number, total: number) => `of ${total.toLocaleString('en')}`,
    opensAt: (at: string) => `Booking opens ${at}`,
    filled: (share: string) => `${share} taken`,
  },

  event: {
    booking: 'Book',
    organize: 'Organize this event',
    startsAt: 'When',
    venue: 'Where',
    price: 'Price',
    slots: 'Slots',
    saleOpens: 'Booking opens',
    maxPerPerson: 'At most per person',
    cancelUntil: 'Cancel until',
    canceled: (at: string) => `This event was canceled ${at}.`,
    givenBack: (given: number, of: number) =>
      of === 0
        ? 'Nobody had booked it.'
        : `Paid back so far: ${given} of ${of} ${plural(of, { one: 'booking', other: 'bookings' })}.`,
    signInToBook: 'Sign in to book',
    book: (price: string) => `Book for ${price}`,
    bookFree: 'Book for free',
    balance: (amount: string) => `Your balance: ${amount}`,
  },

  outcome: {
    underWay: 'Booking …',
    complete: (id: number) => `You are on the list: booking ${id}.`,
    paid: (price: string) => `${price} were paid from your balance.`,
    toTicket: 'To the ticket',
    missing: (amount: string) => `Top up ${amount}, and book again. Your slot was given back, nothing was charged.`,
    topUpAndBook: (amount: string) => `Top up ${amount} and book`,
    enoughNow: 'There is enough now: book again',
    refunded: (price: string) => `${price} were paid back to your balance.`,
    reasons: {
      no_slots: {
        short: 'sold out',
        head: 'Sold out: someone was faster.',
        hint: 'Nothing was charged. When somebody cancels, the number of slots goes up again.',
      },
      no_such_event: { short: 'no such event', head: 'There is no such event.', hint: 'Nothing was charged.' },
      insufficient_funds: {
        short: 'not enough money',
        head: 'Not enough money.',
        hint: 'Top up your balance, and book again. Nothing was charged.',
      },
      by_owner: { short: 'by you', head: 'You canceled this booking.', hint: 'You can book again.' },
      event_canceled: {
        short: 'event canceled',
        head: 'The event was canceled.',
        hint: 'Whatever was paid is back on your balance.',
      },
      sales_not_open: {
        short: 'not open yet',
        head: 'Booking has not opened yet.',
        hint: 'Nothing was charged. Come back when it opens.',
      },
      limit_per_person: {
        short: 'limit per person',
        head: 'You hold as many slots here as one person may.',
        hint: 'Nothing was charged. Cancel one of yours to book another.',
      },
      undone: { short: 'undone', head: 'This booking was undone.', hint: 'Nothing was charged. You can book again.' },
    },
  },

  states: {
    occupying: 'taking a slot',
    paying: 'paying',
    complete: 'complete',
    refunding: 'paying back',
    releasing: 'giving the slot back',
    canceled: 'canceled',
    checked_in: 'checked in',
  },

  saga: {
    title: 'The saga of this booking',
    replay: 'Replay slowly',
    underWay: 'Under way.',
    settledIn: (time: string) => `Settled after ${time} of work.`,
    note: 'Drawn from what was recorded: each time is that of a step, counted from the first.',
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
      event_canceled: 'event off',
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
    none: 'You have not booked anything yet.',
    noneHint: 'Choose an event: one click books, and the ticket appears here.',
    toEvents: 'To all events',
    eventOf: (id: number) => `Event ${id}`,
    cancel: 'Cancel this booking',
    cancelHead: 'Give your slot back?',
    cancelHint: (price: string) => `${price} go back to your balance. Someone else may take the slot at once.`,
    cancelFreeHint: 'Someone else may take the slot at once.',
    until: (at: string) => `You can cancel until ${at}.`,
    tooLate: (at: string) => `It could be canceled until ${at}.`,
    checkedIn: (at: string) => `Checked in ${at}: it can't be canceled any more.`,
  },

  ticket: {
    title: 'Ticket',
    code: 'Code at the door',
    qr: 'QR code of the ticket',
    calendar: 'Save to calendar',
    print: 'Print',
  },

  wallet: {
    title: 'My balance',
    balance: 'Balance',
    amount: 'Amount',
    topUp: 'Top up',
    demo: 'This is a demo: money appears when you ask for it.',
  },

  organize: {
    title: 'Your events',
    create: 'New event',
    none: 'You have no events yet.',
    noneHint: 'Create one: people can book it a moment later.',
    newTitle: 'New event',
    createIt: 'Create the event',
    editTitle: 'Edit event',
    saveIt: 'Save',
    back: 'Back without saving',
    rules: 'Rules (all of them may stay empty)',
    priceHint: 'A new price holds for new bookings.',
    slotsHint: (taken: number) => `${taken} ${taken === 1 ? 'is' : 'are'} taken: there can't be fewer.`,
    saleOpensHint: 'Nobody gets a slot before.',
    cancelUntilHint: 'People cancel their bookings until then.',
    maxHint: 'How many slots one person may hold.',
    fields: {
      event_name: 'Name',
      price: 'Price',
      total_slots: 'Slots',
      starts_at: 'When',
      venue: 'Where',
      description: 'Description',
      sale_opens_at: 'Booking opens',
      max_per_person: 'At most per person',
      cancel_until: 'Cancel until',
    },
  },

  evening: {
    attendees: 'Who comes',
    door: 'At the door',
    edit: 'Edit',
    asPeopleSeeIt: 'As people see it',
    taken: 'Slots taken',
    rate: 'Per second, now',
    moneyTaken: 'Money taken',
    refunded: 'Paid back',
    curve: 'Slots over time',
    noSales: 'Nobody has booked yet. The curve begins with the first booking.',
    curveLabel: (taken: number, total: number) => `Slots taken over time: ${taken} of ${total} now`,
    refunds: 'Paid back so far',
    cancel: 'Cancel this event',
    cancelHead: 'Cancel the whole event?',
    cancelHint: (taken: number) =>
      taken === 0
        ? 'Nobody has booked it. It can not be taken back.'
        : `${taken} ${plural(taken, { one: 'booking is', other: 'bookings are' })} canceled and paid back. It can not be taken back.`,
  },

  attendees: {
    title: 'Who comes',
    csv: 'Save as CSV',
    find: 'Find by name or login',
    none: 'Nobody comes yet.',
    noneHint: 'Whoever books appears here.',
    noneFound: 'Nobody of that name comes.',
    noneFoundHint: 'Try fewer letters.',
    more: 'Show more',
    booking: 'Booking',
    name: 'Name',
    login: 'Login',
    paid: 'Paid',
    checkedIn: 'Checked in',
  },

  door: {
    title: 'At the door',
    code: 'Code of the ticket',
    checkIn: 'Check in',
    scan: 'Scan with the camera',
    stopScanning: 'Stop scanning',
    camera: 'What the camera sees',
    noCamera: 'The camera is not to be had. Type the code instead.',
    admitted: (id: number, name: string) => `Welcome, ${name}: booking ${id}.`,
    again: (id: number, name: string) => `Booking ${id} of ${name} was checked in before.`,
    firstAt: (at: string) => `The first time was ${at}.`,
    elsewhere: (id: number, name: string) => `Booking ${id} of ${name} is for another event.`,
    unknown: 'There is no ticket with this code.',
    unknownHint: 'Check each letter, or find the person in the list of those who come.',
    hint: 'A scanner that types works here, too: the field keeps the focus.',
  },

  slots,
};

/** The texts of a language. */
export type Words = typeof en;
