import { Contradiction } from '../platform/errors.ts';

/** A state of a saga, as a row of its table. */
export interface State<Name extends string = string> {
  /** The number that stands for the state on the wire and in the database. */
  readonly number: number;
  /** What is done in this state. A state without an action is settled: nothing more happens by itself. */
  readonly action?: string;
  /** Where the participant's yes leads. */
  readonly accepted?: Name;
  /** Where its no leads, or `never` where a participant must not say no. */
  readonly refused?: Name | 'never';
  /** Where a cancellation leads. A state without one can't be canceled, or already is. */
  readonly cancel?: Name;
}

/** A saga as data: its states, in the order in which people read them. */
export type Table<Name extends string = string> = Readonly<Record<Name, State<Name>>>;

/** The names of a table's states, as a type. */
export type StateName<Rows> = keyof Rows & string;
/** The names of a table's actions, as a type. */
export type ActionName<Rows> = Rows[keyof Rows] extends infer Row
  ? Row extends { readonly action: infer Action }
    ? Action & string
    : never
  : never;

/** A table with what follows from it. */
export interface Saga<Name extends string = string> {
  readonly table: Table<Name>;
  readonly states: readonly Name[];
  /** The state in which every saga begins: the one that no arrow leads to. */
  readonly first: Name;
  /** The states in which something remains to be done. */
  readonly open: readonly Name[];
  /** Whether something remains to be done in a state. */
  isOpen(name: Name): boolean;
  /** The states that a cancellation leads out of. */
  readonly cancelable: readonly Name[];
  /** How far down the arrows a state stands. Arrows only lead to higher ranks, so of two views the higher is later. */
  rank(name: Name): number;
  /** Where a participant's answer leads. @throws Contradiction for a refusal where none is allowed. */
  follow(name: Name, accepted: boolean): Name;
  /** The state that a number stands for. @throws Contradiction for a number that is none. */
  named(number: number): Name;
}

/**
 * Checks a table and works out what follows from it.
 * @throws Error when the table can't be run: two states with one number, an open state without its arrows, more than
 * one beginning, or a circle.
 */
export function defineSaga<const Rows extends Record<string, State<keyof Rows & string>>>(
  rows: Rows,
): Saga<keyof Rows & string> {
  type Name = keyof Rows & string;
  const table = rows as unknown as Table<Name>;
  const states = Object.keys(rows) as Name[];
  const arrows = states.flatMap((from) => targets(table[from]).map((to) => ({ from, to })));
  const byNumber = new Map(states.map((name) => [table[name].number, name]));
  if (byNumber.size !== states.length) throw new Error('two states of the saga have the same number');
  const open = states.filter((name) => table[name].action !== undefined);
  for (const name of open) {
    const { accepted, refused } = table[name];
    if (accepted === undefined || refused === undefined) throw new Error(`the open state ${name} lacks an arrow`);
  }
  const [first, ...others] = states.filter((name) => !arrows.some(({ to }) => to === name));
  if (first === undefined || others.length > 0) throw new Error('a saga has exactly one state that nothing leads to');
  const ranks = rankStates(states, arrows);
  return {
    table,
    states,
    first,
    open,
    cancelable: states.filter((name) => table[name].cancel !== undefined),
    isOpen: (name) => table[name].action !== undefined,
    rank: (name) => ranks.get(name) ?? 0,
    follow(name, accepted) {
      const to = accepted ? table[name].accepted : table[name].refused;
      if (to === undefined || to === 'never')
        throw new Contradiction(`${table[name].action} was refused, and never may be`);
      return to;
    },
    named(number) {
      const name = byNumber.get(number);
      if (name === undefined) throw new Contradiction(`${number} stands for no state`);
      return name;
    },
  };
}

/** All states that one step or one cancellation leads to. */
export function targets<Name extends string>({ accepted, refused, cancel }: State<Name>): Name[] {
  const all = [accepted, refused === 'never' ? undefined : refused, cancel];
  return [...new Set(all.filter((name): name is Name => name !== undefined))];
}

/** The length of the longest way to each state. Ways longer than there are states exist only in a circle. */
function rankStates<Name extends string>(
  states: readonly Name[],
  arrows: readonly { from: Name; to: Name }[],
): Map<Name, number> {
  const ranks = new Map<Name, number>(states.map((name) => [name, 0]));
  const rank = (name: Name) => ranks.get(name) ?? 0;
  for (let pass = 0; pass <= states.length; pass += 1) {
    const late = arrows.filter(({ from, to }) => rank(to) <= rank(from));
    if (late.length === 0) return ranks;
    for (const { from, to } of late) ranks.set(to, rank(from) + 1);
  }
  throw new Error('the arrows of the saga lead in a circle');
}
