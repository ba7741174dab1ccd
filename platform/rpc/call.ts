import type { Static, TSchema } from 'typebox';
import { OutcomeUnknown, Unavailable } from '../errors.ts';

/** A remote procedure of a service: its path, and the schemas of request and response. */
export interface Call<Asked extends TSchema = TSchema, Answered extends TSchema = TSchema> {
  readonly path: string;
  readonly asked: Asked;
  readonly answered: Answered;
  /** Set for a call that only reads. Such a call may be repeated, and stores nothing when it fails. */
  readonly isRead?: true;
}

/** The calls of a service, by name. */
export type Calls = Readonly<Record<string, Call>>;

/** An implementation of calls: the service itself, or a client of it. */
export type Answers<Of extends Calls> = {
  readonly [Name in keyof Of]: (
    asked: AsReadonly<Static<Of[Name]['asked']>>,
  ) => Promise<AsReadonly<Static<Of[Name]['answered']>>>;
};

type AsReadonly<Shape> = Shape extends readonly (infer Item)[] ? readonly Item[] : Shape;

/**
 * Wraps a service's own implementation for callers in the same process. As with the remote client, a read never throws
 * OutcomeUnknown, but Unavailable.
 */
export function answering<Of extends Calls>(calls: Of, answers: Answers<Of>): Answers<Of> {
  type Ask = (asked: unknown) => Promise<unknown>;
  const all = Object.entries(calls).map(([name, { isRead }]) => {
    const answer = answers[name] as Ask;
    return [name, isRead === true ? (asked: unknown) => reading(() => answer(asked)) : answer] as const;
  });
  return Object.fromEntries(all) as unknown as Answers<Of>;
}

/** Runs a call that only reads. @throws Unavailable instead of OutcomeUnknown, because a read stores nothing. */
export async function reading<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof OutcomeUnknown)) throw cause;
    throw new Unavailable(cause.message, { cause });
  }
}
