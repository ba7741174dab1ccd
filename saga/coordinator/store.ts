/** A saga under way: the fields that the engine reads. A service adds its own. */
export interface Instance<Name extends string = string> {
  readonly id: number;
  readonly state: Name;
  /** How many times in a row its step failed alone, after its batch was split. */
  readonly attempts: number;
  /** When it became open. Set by `takeDue`. */
  readonly openSince?: Date;
  /** The state before the cancellation. Set by `cancel`. */
  readonly cameFrom?: Name;
}

/** A participant's reply: the field that the engine reads. The store reads the others. */
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

/** A failed attempt: the error's text, and when the next attempt is due. */
export interface Setback {
  readonly id: number;
  readonly dueAt: Date;
  readonly error: string;
}

/**
 * Stores instances. Each method is one statement for a batch. Each change names the state that it expects and returns
 * the changed rows. An engine continues only with the returned rows, so when two engines run the same instance, the
 * slower one changes nothing.
 *
 * An open instance has a `due_at`. Once that has passed, the first engine to ask takes the instance over.
 */
export interface SagaStore<Name extends string, Item extends Instance<Name>, Draft, Said extends Answer> {
  /**
   * Stores new instances in the first state.
   * @returns one result a draft, in the same order; undefined for a draft that the store recognizes as stored before.
   */
  insert(drafts: readonly Draft[], now: Date, dueAt: Date): Promise<(Item | undefined)[]>;
  /** Moves the instances that are still in `from`, and resets their attempts. @returns the moved rows. */
  move(from: Name, moves: readonly Move<Name, Item, Said>[], now: Date): Promise<Item[]>;
  /** Cancels instances, each from its current state. @returns the canceled rows, without those that can't be canceled. */
  cancel(cancellations: readonly Cancellation[], now: Date, dueAt: Date): Promise<Item[]>;
  read(ids: readonly number[]): Promise<Item[]>;
  /** Leases up to `limit` due instances until `dueAt`, longest due first. @returns the leased rows. */
  takeDue(now: Date, dueAt: Date, limit: number): Promise<Item[]>;
  /** Makes open instances due at `dueAt`. @returns the ids of the changed rows; rows locked by others may be skipped. */
  pushDue(ids: readonly number[], dueAt: Date): Promise<readonly number[]>;
  /** Records a failed attempt of the instances that are still in `state`, and when each is due again. */
  postpone(state: Name, setbacks: readonly Setback[]): Promise<void>;
}
