/** A saga under way, as the engine sees one. What it is about is its service's business. */
export interface Instance<Name extends string = string> {
  readonly id: number;
  readonly state: Name;
  /** How often its action failed, one after the other, in a way that this instance alone may be the cause of. */
  readonly attempts: number;
  /** When it became open, where the store tells: of what is taken up. */
  readonly openSince?: Date;
  /** The state that it was in before, where the store tells: of what was canceled. */
  readonly cameFrom?: Name;
}

/** A participant's answer, as the engine sees one. What else it holds is for the store. */
export interface Answer {
  readonly accepted: boolean;
}

/** One instance on its way to the next state, with the answer that leads there. */
export interface Move<Name extends string, Item, Said extends Answer> {
  /** As it stands before. */
  readonly item: Item;
  readonly to: Name;
  readonly answer: Said;
}

/** A cancellation, with its reason: the first reason of an instance stands. */
export interface Cancellation {
  readonly id: number;
  readonly reason: string;
  /** Who wanted it, where somebody did: for the store to note. */
  readonly by?: number | undefined;
}

/** A failed attempt: its error in words, and when to try again. */
export interface Setback {
  readonly id: number;
  readonly dueAt: Date;
  readonly error: string;
}

/**
 * Where instances are kept. Each method is one statement about a set, and each change says which state it expects, so
 * that it does no harm when someone else was faster. Whoever changes an instance gets the changed row back, and goes
 * on only with the rows it got.
 *
 * An instance is open as long as it has a time at which it is due: then whoever comes first takes it up.
 */
export interface SagaStore<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  /**
   * Stores new instances in the first state; answers them in the order of the drafts, with nothing in the place of a
   * draft that was stored before: a store may know that two drafts are the same one, sent twice.
   */
  insert(drafts: readonly Draft[], now: Date, dueAt: Date): Promise<(Item | undefined)[]>;
  /** Moves those that still are in `from`, and forgets their failed attempts. Answers those it moved, as they stand now. */
  move(from: Name, moves: readonly Move<Name, Item, Said>[], now: Date): Promise<Item[]>;
  /** Moves each to where a cancellation leads from the state it is in. Answers the ones it moved. */
  cancel(cancellations: readonly Cancellation[], now: Date, dueAt: Date): Promise<Item[]>;
  read(ids: readonly number[]): Promise<Item[]>;
  /** Takes up to `limit` open instances that are due, longest due first, and makes them due again at `dueAt`. */
  takeDue(now: Date, dueAt: Date, limit: number): Promise<Item[]>;
  /** Makes those that are open due at `dueAt`. Answers the ids of those it did: it may pass over what someone works on. */
  pushDue(ids: readonly number[], dueAt: Date): Promise<readonly number[]>;
  /** Notes a failed attempt of those that still are in `state`, and makes each due at its time. */
  postpone(state: Name, setbacks: readonly Setback[]): Promise<void>;
}
