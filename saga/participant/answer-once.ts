import { Contradiction } from '../../platform/errors.ts';

/*
 * The participant's half of the saga protocol.
 *
 * The coordinator repeats a call until it gets a reply, and compensates steps whose outcome it never learned. So calls
 * arrive twice, late and in any order. A participant keeps one record for each key, and four rules hold:
 *
 * - A key is decided once. Later calls with that key get the recorded reply, also when it is a refusal.
 * - An undo that arrives before its step is recorded as a mark. When the step arrives, the mark makes it a refusal.
 * - Undoing a step twice has the same effect as undoing it once.
 * - A different question with the same key is a Contradiction: any reply would be wrong.
 *
 * The functions are pure. The participant reads the records of a batch under a lock, and writes the new records in
 * the same transaction.
 */

/** The mark of an undo that arrived before its step. */
export type UndoneEarly<Question> = Question & { readonly state: 'undone' };

/** The record of a key: a step that was made, a refusal, or the mark of an early undo. */
export type StepRecord<Question, Made, Refused extends { readonly state: 'refused'; readonly reason: string }> =
  | Made
  | Refused
  | UndoneEarly<Question>;

type ReasonOf<Recorded> = Extract<Recorded, { readonly state: 'refused'; readonly reason: string }>['reason'];

/** The description of one participant's step and of its records. */
export interface Step<Question extends object, Made extends { readonly state: string }> {
  /** The noun for what a key identifies, used in error messages: `booking`. */
  readonly subject: string;
  /** The state of the record of a step that was made. */
  readonly made: Made['state'];
  /** The state of the record of a step that was made and then compensated. */
  readonly compensated: Made['state'];
  /** The fields that never differ under one key. A field is compared when both the record and the question have it. */
  readonly facts: readonly string[];
  keyOf(question: Question): number;
  /** Returns only the fields that a step and its undo share. */
  questionOf(question: Question): Question;
}

/** The replies to a batch of questions, in the same order, and the new records to store. */
export interface StepAnswers<Recorded, Yes> {
  readonly replies: readonly (Yes | { readonly accepted: false; readonly reason: ReasonOf<Recorded> | 'undone' })[];
  readonly fresh: readonly Recorded[];
}

/** The steps to compensate, and the marks to store. */
export interface Undoing<Question, Made> {
  readonly undone: readonly Made[];
  readonly marks: readonly UndoneEarly<Question>[];
}

/**
 * Answers a batch of questions. `decide` makes the record of a key that has none; `accept` makes the reply to a step
 * that was made. A late question about a compensated step gets the same accepted reply as before: the coordinator has
 * moved on and ignores it.
 * @throws Contradiction for a different question with a recorded key, and for a record in an unknown state.
 */
export function answerOnce<
  Question extends object,
  Asked extends Question,
  Made extends { readonly state: string },
  Recorded extends { readonly state: string },
  Yes,
>(
  step: Step<Question, Made>,
  questions: readonly Asked[],
  records: ReadonlyMap<number, Recorded>,
  { decide, accept }: { decide(question: Asked): Recorded; accept(made: Made): Yes },
): StepAnswers<Recorded, Yes> {
  const fresh = new Map<number, Recorded>();
  const replies = questions.map((question) => {
    const key = step.keyOf(question);
    const earlier = records.get(key) ?? fresh.get(key);
    const record = earlier ?? decide(question);
    if (earlier === undefined) fresh.set(key, record);
    else requireConsistent(step, earlier, question);
    if (isMade(step, record)) return accept(record);
    return { accepted: false as const, reason: reasonOf(record) };
  });
  return { replies, fresh: [...fresh.values()] };
}

/**
 * Decides what a batch of undos changes. An undo is never refused: a step that was made is compensated once, and a key
 * without a record gets a mark.
 * @throws Contradiction for a different question with a recorded key, and for a record in an unknown state.
 */
export function undoOnce<Question extends object, Made extends { readonly state: string }>(
  step: Step<Question, Made>,
  questions: readonly Question[],
  records: ReadonlyMap<number, { readonly state: string }>,
): Undoing<Question, Made> {
  const undone = new Map<number, Made>();
  const marks = new Map<number, UndoneEarly<Question>>();
  for (const asked of questions) {
    const question = step.questionOf(asked);
    const key = step.keyOf(question);
    const record = records.get(key) ?? marks.get(key);
    if (record === undefined) marks.set(key, { ...question, state: 'undone' });
    else requireConsistent(step, record, question);
    if (record?.state === step.made) undone.set(key, record as Made);
  }
  return { undone: [...undone.values()], marks: [...marks.values()] };
}

function isMade<Made extends { readonly state: string }>(
  { made, compensated }: Pick<Step<object, Made>, 'made' | 'compensated'>,
  record: { readonly state: string },
): record is Made {
  return record.state === made || record.state === compensated;
}

function reasonOf<Recorded extends { readonly state: string }>(record: Recorded): ReasonOf<Recorded> | 'undone' {
  return record.state === 'undone'
    ? 'undone'
    : ((record as { readonly reason?: unknown }).reason as ReasonOf<Recorded>);
}

/** @throws Contradiction for a record of a different question or in an unknown state: a bug or damaged data. */
function requireConsistent<Question extends object, Made extends { readonly state: string }>(
  step: Step<Question, Made>,
  record: { readonly state: string },
  question: Question,
): void {
  const name = () => `${step.subject} ${step.keyOf(question)}`;
  for (const fact of step.facts) {
    const recorded = factOf(record, fact);
    const asked = factOf(question, fact);
    if (recorded === undefined || asked === undefined || recorded === asked) continue;
    throw new Contradiction(`${name()}: ${fact} was ${recorded}, and is ${asked} now`);
  }
  if (isMade(step, record) || record.state === 'refused' || record.state === 'undone') return;
  throw new Contradiction(`${name()}: its record is in the unknown state "${record.state}"`);
}

/** The value of a field, or undefined: an empty column is null in a record. */
function factOf(source: object, fact: string): unknown {
  return (source as Readonly<Record<string, unknown>>)[fact] ?? undefined;
}
