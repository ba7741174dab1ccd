import { pluralOf } from '../plural.ts';

const plural = pluralOf('en');
const characters = (count: number) => plural(count, { one: 'character', other: 'characters' });

/** The names and numbers in a problem, already formatted. */
export type Values = Readonly<Record<string, string>>;

/** Texts of errors: `kinds` by the type of a problem, `fields` and `reasons` by the reason that the server gives. */
export const problems = {
  /** There was no answer, to a request that changes nothing, that may be repeated, or that would be done twice. */
  lost: {
    read: {
      head: 'Startlist is not responding.',
      hint: 'Check your connection and try again in a moment.',
    },
    repeatable: {
      head: 'The connection was lost, and we do not know whether the request was carried out.',
      hint: 'You can safely try again: it will not be carried out twice.',
    },
    unrepeatable: {
      head: 'The connection was lost, and we do not know whether the request was carried out.',
      hint: 'Check the result before you try again.',
    },
  },
  unexpected: {
    head: 'Something went wrong on this page.',
    hint: 'Reload the page. If this happens again, contact support.',
  },
  refused: 'The request was refused.',
  kinds: {
    invalid_input: { head: 'Please check the form.' },
    unauthenticated: { head: 'You are not signed in.', hint: 'Sign in and try again.' },
    forbidden: { head: 'You are not allowed to do this.' },
    not_found: { head: 'Not found.', hint: 'Check the address, or go back to all events.' },
    conflict: { head: 'This is not possible.' },
    too_many_requests: { head: 'Too many attempts.', hint: 'Wait a minute and try again.' },
    internal: { head: 'Something went wrong on our side.', hint: 'The error was logged. Try again in a moment.' },
    unavailable: { head: 'Temporarily unavailable.', hint: 'Nothing was saved. Try again in a moment.' },
    idempotency_key_in_flight: {
      head: 'The same request is still being carried out.',
      hint: 'You can safely try again in a moment: it will not be carried out twice.',
    },
  },
  fields: {
    too_short: (limit: number) => `At least ${limit} ${characters(limit)}.`,
    too_long: (limit: number) => `At most ${limit.toLocaleString('en')} ${characters(limit)}.`,
    too_small: (limit: string) => `At least ${limit}.`,
    too_large: (limit: string) => `At most ${limit}.`,
    any: 'Please check this field.',
  },
  typed: {
    amount: (example: string) => `Please write the amount like ${example}.`,
    count: 'Please write a whole number, such as 250.',
    too_large: 'This number is too large.',
    skipped_hour: 'At this time the clocks go forward, so it does not exist. Choose an earlier or later time.',
  },
  reasons: {
    common_password: () => 'This password is too common. Choose another one.',
    same_as_login: () => 'The password must differ from the login.',
    wrong_password: () => 'The current password is wrong.',
    token_spent: () =>
      'This link has been used or has expired. If you have just set a password with it, sign in with that password. Otherwise ask an admin for a new link.',
    login_taken: () => 'This login is taken. Choose another one.',
    login_looks_taken: () => 'This login looks like one that is taken. Choose another one.',
    login_mixes_alphabets: () => 'Use letters of one alphabet in the login.',
    invisible_characters: () => 'Use visible characters only.',
    last_admin: () => 'This is the last admin. Make another person an admin first.',
    too_many_tokens: ({ limit }: Values) => `You already have ${limit} tokens. Revoke one you do not need.`,
    balance_too_low: ({ balance, amount }: Values) => `The balance is ${balance}: ${amount} cannot be paid out.`,
    amount_too_large: () => 'The amount is too large.',
    reference_used: () => 'This reference was already used for a different transfer.',
    slots_taken: ({ taken }: Values) => `Already taken: ${taken}. The total cannot be lower.`,
    unknown_login: () => 'There is no person with this login.',
    is_organizer: () => 'This person organizes the event already.',
    not_an_organizer: () => 'This person is not an organizer. Ask an admin to give the role.',
    too_many_helpers: ({ limit }: Values) => `An event has at most ${limit} helpers.`,
    opens_after_start: () => 'Booking would open after the event has started.',
    closes_before_opening: () => 'Booking would close before it opens.',
    event_canceled: () => 'The event is canceled and cannot be changed.',
    other_event: ({ booking_id, event_id, event_name }: Values) =>
      `Booking ${booking_id} is for another event: ${event_name} (${event_id}). The ticket was not used.`,
    not_complete: () => 'This booking is not confirmed, or was canceled.',
    too_late: ({ until }: Values) => `Cancellation was possible until ${until}.`,
    checked_in: ({ at }: Values) => `Checked in ${at}. The booking can no longer be canceled.`,
  },
};
