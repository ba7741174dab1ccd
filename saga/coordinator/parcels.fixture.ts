import { defineSaga, type Saga, type StateName } from '../table.ts';
import type { Instance, Move, SagaStore } from './store.ts';

/** The saga of the engine's tests: a parcel is packed and shipped, or unpacked again. */
const table = {
  packing: { number: 10, action: 'pack', accepted: 'shipping', refused: 'kept', cancel: 'unpacking' },
  shipping: { number: 20, action: 'ship', accepted: 'delivered', refused: 'unpacking', cancel: 'unpacking' },
  delivered: { number: 30 },
  unpacking: { number: 40, action: 'unpack', accepted: 'kept', refused: 'never' },
  kept: { number: 50 },
} as const;

export const parcels = defineSaga(table);
export type ParcelState = StateName<typeof table>;

export interface Parcel extends Instance<ParcelState> {
  readonly label: string;
}

export interface ParcelAnswer {
  readonly accepted: boolean;
}

interface Row {
  parcel: Parcel;
  dueAtMs: number | null;
  error: string | null;
  readonly history: ParcelState[];
}

/** An in-memory `SagaStore` that answers asynchronously. */
export class ParcelStore implements SagaStore<ParcelState, Parcel, string, ParcelAnswer> {
  readonly rows = new Map<number, Row>();
  /** The ids of rows locked by another transaction, which `pushDue` skips. */
  readonly locked = new Set<number>();
  /** Called before each statement. If it throws, the statement is not executed. */
  beforeStatement: (name: string) => void = () => {};
  /** Called after each statement. If it throws, the caller does not learn that the statement was executed. */
  afterStatement: (name: string) => void = () => {};
  readonly #saga: Saga<ParcelState> = parcels;

  async insert(labels: readonly string[], _now: Date, dueAt: Date): Promise<Parcel[]> {
    return this.#statement('insert', () =>
      labels.map((label) => {
        const id = this.rows.size + 1;
        const parcel: Parcel = { id, label, state: 'packing', attempts: 0 };
        this.rows.set(id, { parcel, dueAtMs: dueAt.getTime(), error: null, history: ['packing'] });
        return parcel;
      }),
    );
  }

  async move(from: ParcelState, moves: readonly Move<ParcelState, Parcel, ParcelAnswer>[]): Promise<Parcel[]> {
    return this.#statement('move', () =>
      moves.flatMap(({ item: { id }, to }) => {
        const row = this.rows.get(id);
        return row?.parcel.state === from ? [this.#put(row, to, row.dueAtMs)] : [];
      }),
    );
  }

  async cancel(cancellations: readonly { id: number }[], _now: Date, dueAt: Date): Promise<Parcel[]> {
    return this.#statement('cancel', () =>
      cancellations.flatMap(({ id }) => {
        const row = this.rows.get(id);
        const cameFrom = row?.parcel.state;
        const to = cameFrom && this.#saga.table[cameFrom].cancel;
        return row && to ? [{ ...this.#put(row, to, dueAt.getTime()), cameFrom }] : [];
      }),
    );
  }

  async read(ids: readonly number[]): Promise<Parcel[]> {
    return this.#statement('read', () => ids.flatMap((id) => this.rows.get(id)?.parcel ?? []));
  }

  async takeDue(now: Date, dueAt: Date, limit: number): Promise<Parcel[]> {
    return this.#statement('takeDue', () => {
      const due = [...this.rows.values()].filter(({ dueAtMs }) => dueAtMs !== null && dueAtMs <= now.getTime());
      const taken = due.slice(0, limit);
      for (const row of taken) row.dueAtMs = dueAt.getTime();
      return taken.map(({ parcel }) => parcel);
    });
  }

  async pushDue(ids: readonly number[], dueAt: Date): Promise<readonly number[]> {
    return this.#statement('pushDue', () =>
      ids.filter((id) => {
        const row = this.rows.get(id);
        if (row === undefined || row.dueAtMs === null || this.locked.has(id)) return false;
        row.dueAtMs = dueAt.getTime();
        return true;
      }),
    );
  }

  async postpone(state: ParcelState, setbacks: readonly { id: number; dueAt: Date; error: string }[]): Promise<void> {
    await this.#statement('postpone', () => {
      for (const { id, dueAt, error } of setbacks) {
        const row = this.rows.get(id);
        if (row === undefined || row.parcel.state !== state) continue;
        row.parcel = { ...row.parcel, attempts: row.parcel.attempts + 1 };
        row.dueAtMs = dueAt.getTime();
        row.error = error;
      }
    });
  }

  #put(row: Row, to: ParcelState, dueAtMs: number | null): Parcel {
    row.parcel = { ...row.parcel, state: to, attempts: 0 };
    row.dueAtMs = this.#saga.open.includes(to) ? dueAtMs : null;
    row.error = null;
    row.history.push(to);
    return row.parcel;
  }

  async #statement<Result>(name: string, carryOut: () => Result): Promise<Result> {
    await Promise.resolve();
    this.beforeStatement(name);
    const result = carryOut();
    await Promise.resolve();
    this.afterStatement(name);
    return result;
  }
}
