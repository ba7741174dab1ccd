import type { BookingDetail, State } from '../api/shapes.ts';

/** The lifelines of the diagram, from left to right. */
export const lifelines = ['person', 'book', 'events', 'account'] as const;
export type Lifeline = (typeof lifelines)[number];

export type MessageName =
  | 'register'
  | 'occupy'
  | 'occupied'
  | 'occupy_refused'
  | 'pay'
  | 'paid'
  | 'pay_refused'
  | 'complete'
  | 'cancel'
  | 'event_canceled'
  | 'undone'
  | 'refund'
  | 'refunded'
  | 'release'
  | 'released'
  | 'canceled';

/** An arrow of the sequence diagram. */
export interface Message {
  readonly name: MessageName;
  readonly from: Lifeline;
  readonly to: Lifeline;
  /** When the message was sent or received: the recorded time of a state change. */
  readonly atMs: number;
  /** `wait` is a request without a reply yet. */
  readonly manner: 'ask' | 'good' | 'bad' | 'wait';
}

type Path = readonly [from: Lifeline, to: Lifeline];

/**
 * Turns the recorded history of a booking into messages between the services. Every time is a recorded one: a state
 * changes when book has received a reply and sends the next request.
 */
export function messagesOf({ history, reason }: Pick<BookingDetail, 'history' | 'reason'>): Message[] {
  const moments = new Map(history.map(({ state, at }) => [state, Date.parse(at)]));
  const at = (state: State) => moments.get(state);
  const messages: Message[] = [];
  const add = (name: MessageName, [from, to]: Path, atMs: number, manner: Message['manner'] = 'ask') =>
    messages.push({ name, from, to, atMs, manner });
  /** Adds the reply to the last request if it has arrived, and returns whether it has. */
  const reply = (name: MessageName, [from, to]: Path, atMs: number | undefined, manner: 'good' | 'bad'): boolean => {
    if (atMs !== undefined) add(name, [from, to], atMs, manner);
    return atMs !== undefined;
  };

  const occupying = at('occupying');
  if (occupying === undefined) return [];
  add('register', ['person', 'book'], occupying);
  add('occupy', ['book', 'events'], occupying);
  const refunding = at('refunding');
  const paying = at('paying');
  if (reply('occupied', ['events', 'book'], paying, 'good')) {
    add('pay', ['book', 'account'], paying as number);
    const complete = at('complete');
    if (reply('paid', ['account', 'book'], complete, 'good'))
      add('complete', ['book', 'book'], complete as number, 'good');
    else if (refunding === undefined) reply('pay_refused', ['account', 'book'], at('releasing'), 'bad');
  } else if (refunding === undefined) {
    reply('occupy_refused', ['events', 'book'], at('canceled'), 'bad');
  }
  if (refunding !== undefined) {
    if (reason === 'by_owner') add('cancel', ['person', 'book'], refunding);
    else if (reason === 'event_canceled') add('event_canceled', ['events', 'book'], refunding, 'bad');
    else add('undone', ['book', 'book'], refunding, 'bad');
    add('refund', ['book', 'account'], refunding);
    reply('refunded', ['account', 'book'], at('releasing'), 'good');
  }
  const releasing = at('releasing');
  const canceled = at('canceled');
  if (releasing !== undefined) {
    add('release', ['book', 'events'], releasing);
    reply('released', ['events', 'book'], canceled, 'good');
  }
  if (canceled !== undefined) add('canceled', ['book', 'book'], canceled, 'bad');
  return markWaiting(messages);
}

/** Marks the last message as `wait` if it is a request, because its reply has not arrived yet. */
function markWaiting(messages: readonly Message[]): Message[] {
  return messages.map((message, index) =>
    index === messages.length - 1 && message.manner === 'ask' ? { ...message, manner: 'wait' } : message,
  );
}

/** A gap between two messages of at least this length is drawn as a pause, in milliseconds. */
export const longPauseMs = 60_000;

/** The processing time of the saga, in milliseconds: without the time in which the booking stayed complete. */
export function workedMs(messages: readonly Message[]): number {
  let sum = 0;
  for (const [index, { atMs }] of messages.entries()) {
    const before = messages[index - 1];
    if (before !== undefined && before.name !== 'complete') sum += Math.max(0, atMs - before.atMs);
  }
  return sum;
}
