import { Contradiction } from '../platform/errors.ts';

/** A state of a saga: one row of its table. */
export interface State<Name extends string = string> {
  /** The state's number on the wire and in the database. */
  readonly number: number;
  /** The action that makes the step of this state. A state without an action is settled. */
  readonly action?: string;
  /** The next state after an accepted reply. */
  readonly accepted?: Name;
  /** The next state after a refusal; `never` when the participant must not refuse. */
  readonly refused?: Name | 'never';
  /** The next state after a cancellation. Absent when the state can't be canceled or is already canceled. */
  readonly cancel?: Name;
}

/** A saga as data: its states, in the order in which they are shown. */
export type Table<Name extends string = string> = Readonly<Record<Name, State<Name>>>;

/** The names of a table's states, as a type. */
export type StateName<Rows> = keyof Rows & string;
/** The names of a table's actions, as a type. */
export type ActionName<Rows> = Rows[keyof Rows] extends infer Row
  ? Row extends { readonly action: infer Action }
    ? Action & string
    : never
  : never;

/** A checked table, with everything derived from it. */
export interface Saga<Name extends string = string> {
  readonly table: Table<Name>;
  readonly states: readonly Name[];
  /** The first state: the only one without an incoming transition. */
  readonly first: Name;
  /** The states that have a step to make. */
  readonly open: readonly Name[];
  /** True for a state that has a step to make, and for a state of a newer version. */
  isOpen(name: Name): boolean;
  /** The states that can be canceled. */
  readonly cancelable: readonly Name[];
  /** A number that every transition increases: of two versions of an instance, the higher-ranked one is newer. */
  rank(name: Name): number;
  /** The next state after a reply. @throws Contradiction for a refusal that the table does not allow. */
  follow(name: Name, accepted: boolean): Name;
  /** True for a state that this version does not know. It can be shown, but not moved. */
  isUnknown(name: Name): boolean;
  /** The state with a number. A number of a newer version gets a name of its own: `state_7`. */
  named(number: number): Name;
  /** The number of a state, also of an unknown one. */
  numberOf(name: Name): number;
}

/** The names of states of a newer version. */
const unknownState = /^state_(-?\d+)$/;

/**
 * Checks a table and derives the saga from it.
 * @throws Error for an invalid table: two states with one number, an open state without both transitions, more than one
 * first state, or a cycle.
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
    if (accepted === undefined || refused === undefined)
      throw new Error(`the open state ${name} has no accepted or no refused transition`);
  }
  const [first, ...others] = states.filter((name) => !arrows.some(({ to }) => to === name));
  if (first === undefined || others.length > 0)
    throw new Error('a saga has exactly one state without an incoming transition');
  const ranks = rankStates(states, arrows);
  return {
    table,
    states,
    first,
    open,
    cancelable: states.filter((name) => table[name].cancel !== undefined),
    isOpen: (name) => table[name] === undefined || table[name].action !== undefined,
    isUnknown: (name) => table[name] === undefined,
    rank: (name) => ranks.get(name) ?? 0,
    follow(name, accepted) {
      const to = accepted ? table[name].accepted : table[name].refused;
      if (to === undefined || to === 'never')
        throw new Contradiction(`${table[name].action} was refused, but the saga does not allow that`);
      return to;
    },
    named: (number) => byNumber.get(number) ?? (`state_${number}` as Name),
    numberOf(name) {
      const number = table[name]?.number ?? Number(unknownState.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) throw new Contradiction(`no state has the name ${name}`);
      return number;
    },
  };
}

/** The states that can follow a state. */
export function targets<Name extends string>({ accepted, refused, cancel }: State<Name>): Name[] {
  const all = [accepted, refused === 'never' ? undefined : refused, cancel];
  return [...new Set(all.filter((name): name is Name => name !== undefined))];
}

/** Ranks each state by the length of the longest path to it. Only in a cycle are paths longer than the state count. */
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
  throw new Error('the transitions of the saga form a cycle');
}
