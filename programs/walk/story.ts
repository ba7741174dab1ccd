/** One command of the session. */
export interface Step {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** The text for `curl -d`. */
  readonly body?: string;
  /** The expected status. The description does not show it. */
  readonly status: number;
  /** The exact answer; left out if the description shows none. */
  readonly answer?: string;
}

/** Commands that belong together, under one title. */
export interface Chapter {
  readonly title: string;
  /** What the commands show, and where the walk differs from the description. */
  readonly note?: string;
  readonly steps: readonly Step[];
}

/** Signs in as admin, which the demo creates. */
export const signIn: Step = {
  method: 'POST',
  path: '/login',
  body: '{"login":"admin","password":"password"}',
  status: 200,
};

const getBalance: Step = { method: 'GET', path: '/account/get', status: 200 };

const getEvents: Step = { method: 'GET', path: '/events/get', status: 200 };
const getBookings: Step = { method: 'GET', path: '/book/get', status: 200 };

function createEvent(body: string): Step {
  return { method: 'POST', path: '/events/create', body, status: 201 };
}

function book(eventId: number): Step {
  return { method: 'POST', path: '/book/create', body: `{"event_id":${eventId}}`, status: 201 };
}

const events =
  '[{"id":1,"event_name":"green run","price":5,"total_slots":3},' +
  '{"id":2,"event_name":"red run","price":40,"total_slots":5}]';

/** The bookings of the description, without the last one: its price depends on the balance. */
const bookings = [
  '{"id":1,"user_id":1,"event_id":1,"price":5,"status":4}',
  '{"id":2,"user_id":1,"event_id":1,"price":5,"status":4}',
  '{"id":3,"user_id":1,"event_id":1,"price":5,"status":4}',
  '{"id":4,"user_id":1,"event_id":1,"status":-1}',
  '{"id":5,"user_id":1,"event_id":2,"price":40,"status":4}',
  '{"id":6,"user_id":1,"event_id":2,"price":40,"status":4}',
];

function listOf(...items: string[]): string {
  return `[${items.join(',')}]`;
}

/**
 * The session of Startlist's first description, after the sign-in.
 * @param dearPrice the price of a third event for the last booking, if the balance would suffice for another red run.
 */
export function story(dearPrice?: number): readonly Chapter[] {
  const last = dearPrice === undefined ? { eventId: 2, price: 40 } : { eventId: 3, price: dearPrice };
  const lastBooking = `{"id":7,"user_id":1,"event_id":${last.eventId},"price":${last.price},"status":-1}`;
  return [
    {
      title: 'Top up',
      steps: [
        { method: 'PUT', path: '/account/deposit', body: '{"delta":100}', status: 200 },
        { ...getBalance, answer: '{"balance":100}' },
      ],
    },
    {
      title: 'Create events',
      note:
        'The description creates "red run" first but shows "green run" with id 1. Ids follow the order of creation, so ' +
        'the walk creates "green run" first.',
      steps: [
        createEvent('{"event_name":"green run","price":5,"total_slots":3}'),
        createEvent('{"event_name":"red run","price":40,"total_slots":5}'),
        { ...getEvents, answer: events },
      ],
    },
    { title: 'Book', steps: [book(1), { ...getBookings, answer: listOf(...bookings.slice(0, 1)) }] },
    {
      title: 'Sold out',
      note:
        'The green run has 3 slots, so the fourth booking is canceled. (The description requests /events/get at this ' +
        'point, but shows the answer of /book/get.)',
      steps: [book(1), book(1), book(1), { ...getBookings, answer: listOf(...bookings.slice(0, 4)) }],
    },
    { title: 'Book another event', steps: [book(2), { ...getBookings, answer: listOf(...bookings.slice(0, 5)) }] },
    {
      title: 'Not enough money',
      note:
        dearPrice === undefined
          ? 'Two red runs are paid. The balance is too low for the third: it is canceled, and its slot is free again.'
          : 'The last booking is for a more expensive event, because the balance would cover a third red run.',
      steps: [
        book(2),
        ...(dearPrice === undefined
          ? []
          : [createEvent(`{"event_name":"golden run","price":${dearPrice},"total_slots":5}`)]),
        book(last.eventId),
        { ...getBookings, answer: listOf(...bookings, lastBooking) },
      ],
    },
    { title: 'Balance', steps: [{ ...getBalance, answer: '{"balance":5}' }] },
  ];
}
