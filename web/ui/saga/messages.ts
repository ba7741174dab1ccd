import type { BookingDetail, State } from '../api/shapes.ts';

/** Who takes part in a booking, in the order in which their lines are drawn. */
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
  /** When it was sent, or heard, in milliseconds since 1970: the moment of the state that it led to or came from. */
  readonly atMs: number;
  /** `wait` for a question that has no answer yet. */
  readonly manner: 'ask' | 'good' | 'bad' | 'wait';
}

type Path = readonly [from: Lifeline, to: Lifeline];

/**
 * Tells the recorded history of a booking as messages between those who took part. Nothing is made up: each moment is
 * that at which a state was reached, when book had heard an answer and asked the next question.
 */
export function messagesOf({ history, reason }: Pick<BookingDetail, 'history' | 'reason'>): Message[] {
  const moments = new Map(history.map(({ state, at }) => [state, Date.parse(at)]));
  const at = (state: State) => moments.get(state);
  const messages: Message[] = [];
  const say = (name: MessageName, [from, to]: Path, atMs: number, manner: Message['manner'] = 'ask') =>
    messages.push({ name, from, to, atMs, manner });
  /** The answer to the last question, or else that it is waited for. */
  const answer = (name: MessageName, [from, to]: Path, atMs: number | undefined, manner: 'good' | 'bad'): boolean => {
    if (atMs !== undefined) say(name, [from, to], atMs, manner);
    return atMs !== undefined;
  };

  const occupying = at('occupying');
  if (occupying === undefined) return [];
  say('register', ['person', 'book'], occupying);
  say('occupy', ['book', 'events'], occupying);
  const refunding = at('refunding');
  const paying = at('paying');
  if (answer('occupied', ['events', 'book'], paying, 'good')) {
    say('pay', ['book', 'account'], paying as number);
    const complete = at('complete');
    if (answer('paid', ['account', 'book'], complete, 'good'))
      say('complete', ['book', 'book'], complete as number, 'good');
    else if (refunding === undefined) answer('pay_refused', ['account', 'book'], at('releasing'), 'bad');
  } else if (refunding === undefined) {
    answer('occupy_refused', ['events', 'book'], at('canceled'), 'bad');
  }
  if (refunding !== undefined) {
    if (reason === 'by_owner') say('cancel', ['person', 'book'], refunding);
    else if (reason === 'event_canceled') say('event_canceled', ['events', 'book'], refunding, 'bad');
    else say('undone', ['book', 'book'], refunding, 'bad');
    say('refund', ['book', 'account'], refunding);
    answer('refunded', ['account', 'book'], at('releasing'), 'good');
  }
  const releasing = at('releasing');
  const canceled = at('canceled');
  if (releasing !== undefined) {
    say('release', ['book', 'events'], releasing);
    answer('released', ['events', 'book'], canceled, 'good');
  }
  if (canceled !== undefined) say('canceled', ['book', 'book'], canceled, 'bad');
  return markWaiting(messages);
}

/** A last message that asks has no answer yet. */
function markWaiting(messages: readonly Message[]): Message[] {
  return messages.map((message, index) =>
    index === messages.length - 1 && message.manner === 'ask' ? { ...message, manner: 'wait' } : message,
  );
}

/** What lies between two messages for longer than this is told, in milliseconds: someone thought about it meanwhile. */
export const longPauseMs = 60_000;

/** How long the saga has been at work, in milliseconds, without the time in which it rested as complete. */
export function workedMs(messages: readonly Message[]): number {
  let sum = 0;
  for (const [index, { atMs }] of messages.entries()) {
    const before = messages[index - 1];
    if (before !== undefined && before.name !== 'complete') sum += Math.max(0, atMs - before.atMs);
  }
  return sum;
}
