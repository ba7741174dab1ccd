/** One command of the session. */
export interface Step {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** What `curl -d` sends: the very text, whatever the content type says of it. */
  readonly body?: string;
  /** The status of the answer, which the description takes for granted. */
  readonly status: number;
  /** The answer, byte for byte. Left out where the description shows none. */
  readonly answer?: string;
}

/** Some commands with one point. */
export interface Chapter {
  readonly title: string;
  /** What happens here, and where the walk departs from the text of the description. */
  readonly note?: string;
  readonly steps: readonly Step[];
}

/** Whoever signs in: the description's own admin, who exists wherever the demo does. */
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

/** The bookings of the description, but for the last, which has to be beyond what is left in the account. */
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
 * @param dearPrice the price of a third event for the last booking, where the account holds enough for a red run.
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
        'The description creates "red run" first, yet shows "green run" as number 1. Ids follow creation, so its ' +
        'answers come out when green is created first: that is done here.',
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
        'The green run has 3 slots: the fourth booking is canceled. (Here the description asks for /events/get and ' +
        'shows what /book/get answers.)',
      steps: [book(1), book(1), book(1), { ...getBookings, answer: listOf(...bookings.slice(0, 4)) }],
    },
    { title: 'Book another event', steps: [book(2), { ...getBookings, answer: listOf(...bookings.slice(0, 5)) }] },
    {
      title: 'Not enough money',
      note:
        dearPrice === undefined
          ? 'Two red runs are paid. For the third the money is short: it is canceled, and its slot is free again.'
          : 'There is money here for a third red run. So the last booking is for a dearer one, which there is none for.',
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
