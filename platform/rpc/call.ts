import type { Static, TSchema } from 'typebox';
import { OutcomeUnknown, Unavailable } from '../errors.ts';

/** A question that one service asks another: where, and in which shapes question and answer travel. */
export interface Call<Asked extends TSchema = TSchema, Answered extends TSchema = TSchema> {
  readonly path: string;
  readonly asked: Asked;
  readonly answered: Answered;
  /** That it only reads: then it may be asked again, and whatever broke while it was asked, nothing was stored. */
  readonly isRead?: true;
}

/** The questions that a service answers, by name. */
export type Calls = Readonly<Record<string, Call>>;

/** A side that answers calls: the service itself, or the way to it. */
export type Answers<Of extends Calls> = {
  readonly [Name in keyof Of]: (
    asked: AsReadonly<Static<Of[Name]['asked']>>,
  ) => Promise<AsReadonly<Static<Of[Name]['answered']>>>;
};

type AsReadonly<Shape> = Shape extends readonly (infer Item)[] ? readonly Item[] : Shape;

/**
 * A service's own side of its calls: of one that only reads and broke it says that nothing was stored, as the way to
 * it from another process does.
 */
export function answering<Of extends Calls>(calls: Of, answers: Answers<Of>): Answers<Of> {
  type Ask = (asked: unknown) => Promise<unknown>;
  const all = Object.entries(calls).map(([name, { isRead }]) => {
    const answer = answers[name] as Ask;
    return [name, isRead === true ? (asked: unknown) => reading(() => answer(asked)) : answer] as const;
  });
  return Object.fromEntries(all) as unknown as Answers<Of>;
}

/** Asks what only reads. @throws Unavailable where another question would throw OutcomeUnknown. */
export async function reading<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof OutcomeUnknown)) throw cause;
    throw new Unavailable(cause.message, { cause });
  }
}
