/** A saga under way: the fields that the engine reads. A service adds its own. */
export interface Instance<Name extends string = string> {
  readonly id: number;
  readonly state: Name;
  /** The number of failed attempts of the current step. A failed batch counts only for the instances that caused it. */
  readonly attempts: number;
  /** When the instance became open. Set by `takeDue`. */
  readonly openSince?: Date;
  /** The state before the cancellation. Set by `cancel`. */
  readonly cameFrom?: Name;
}

/** A participant's reply: the field that the engine reads. Replies may have further fields, for the store. */
export interface Answer {
  readonly accepted: boolean;
}

/** One transition of an instance, with the reply that caused it. */
export interface Move<Name extends string, Item, Said extends Answer> {
  /** The instance before the transition. */
  readonly item: Item;
  readonly to: Name;
  readonly answer: Said;
}

/** A cancellation and its reason. An instance keeps its first reason. */
export interface Cancellation {
  readonly id: number;
  readonly reason: string;
  /** The id of the person who canceled, for the store to record. */
  readonly by?: number | undefined;
}

/** A failed attempt of one instance: the error's text, and when the next attempt is due. */
export interface Setback {
  readonly id: number;
  readonly dueAt: Date;
  readonly error: string;
}

/**
 * Stores instances. Each method runs one statement for a batch. Each change names the state that it expects and returns
 * the changed rows. An engine continues only with the returned rows, so when two engines run the same instance, the
 * slower engine changes nothing.
 *
 * An open instance has a `due_at`. After that time, the first engine that calls `takeDue` takes the instance over.
 */
export interface SagaStore<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  /**
   * Stores new instances in the first state.
   * @returns one result for each draft, in the same order; undefined for a draft known to be stored before.
   */
  insert(drafts: readonly Draft[], now: Date, dueAt: Date): Promise<(Item | undefined)[]>;
  /** Moves the instances that are still in the state `from`, and resets `attempts`. @returns the moved rows. */
  move(from: Name, moves: readonly Move<Name, Item, Said>[], now: Date): Promise<Item[]>;
  /** Cancels instances, each from its current state. @returns the canceled rows: only those that may be canceled. */
  cancel(cancellations: readonly Cancellation[], now: Date, dueAt: Date): Promise<Item[]>;
  read(ids: readonly number[]): Promise<Item[]>;
  /** Leases at most `limit` due instances until `dueAt`, in the order of `due_at`. @returns the leased rows. */
  takeDue(now: Date, dueAt: Date, limit: number): Promise<Item[]>;
  /** Sets the `due_at` of open instances, and may skip rows locked by others. @returns the ids of the changed rows. */
  pushDue(ids: readonly number[], dueAt: Date): Promise<readonly number[]>;
  /** Records a failed attempt and the next `due_at` for each instance that is still in `state`. */
  postpone(state: Name, setbacks: readonly Setback[]): Promise<void>;
}
