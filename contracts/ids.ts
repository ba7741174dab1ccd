import { type Static, Type } from 'typebox';
import { maxInteger } from './fields.ts';

/*
 * In a database restored from an older copy, the id sequences lag behind. The service would assign an id that other
 * services already know, and the new person or event would inherit the records of that id. So book reports the highest
 * known ids to the services that assign ids.
 */

const IdOrNone = Type.Integer({ minimum: 0, maximum: maxInteger });

/** The highest id that other services know; 0 for none. */
export const KnownId = Type.Object({ known: IdOrNone });
export type KnownId = Static<typeof KnownId>;

/** The value of the sequence before and after it was raised. `raised` is absent when the sequence was not behind. */
export const RaisedIds = Type.Object({
  raised: Type.Optional(Type.Object({ from: IdOrNone, to: IdOrNone })),
});
export type RaisedIds = Static<typeof RaisedIds>;

/** A service that assigns ids: auth to people, events to events. */
export interface IdGiver {
  /** Raises the sequence, so that every new id is above the known id. */
  readonly raiseIds: (above: KnownId) => Promise<RaisedIds>;
}

/** The call to a service that assigns ids, over HTTP between processes. */
export const idCalls = {
  raiseIds: { path: '/internal/raise-ids', asked: KnownId, answered: RaisedIds },
} as const;
