import { type Static, Type } from 'typebox';
import { maxInteger } from './fields.ts';

/*
 * A database restored from an older copy has id sequences that lag behind. Its service would assign an id that other
 * services already know, and the new person or event would inherit their records. So book reports the highest known
 * ids.
 */

const IdOrNone = Type.Integer({ minimum: 0, maximum: maxInteger });

/** The highest id that other services know; 0 for none. */
export const KnownId = Type.Object({ known: IdOrNone });
export type KnownId = Static<typeof KnownId>;

/** The highest id assigned before and after the raise. `raised` is absent when the sequence was not behind. */
export const RaisedIds = Type.Object({
  raised: Type.Optional(Type.Object({ from: IdOrNone, to: IdOrNone })),
});
export type RaisedIds = Static<typeof RaisedIds>;

/** A service that assigns ids: auth to people, events to events. */
export interface IdGiver {
  /** Raises the sequence, so that every new id is above the known one. */
  readonly raiseIds: (above: KnownId) => Promise<RaisedIds>;
}

/** The HTTP call between processes. */
export const idCalls = {
  raiseIds: { path: '/internal/raise-ids', asked: KnownId, answered: RaisedIds },
} as const;
