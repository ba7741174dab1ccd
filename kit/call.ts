import type { Static, TSchema } from 'typebox';

/** A question that one service asks another: where, and in which shapes question and answer travel. */
export interface Call<Asked extends TSchema = TSchema, Answered extends TSchema = TSchema> {
  readonly path: string;
  readonly asked: Asked;
  readonly answered: Answered;
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
