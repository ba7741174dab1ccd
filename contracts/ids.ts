import { type Static, Type } from 'typebox';
import { maxInteger } from './fields.ts';

/*
 * A service whose database was restored from an older copy would give ids once more that others know from before, of
 * people or of events, and whoever gets one gets what they know of it. So they tell it.
 */

const IdOrNone = Type.Integer({ minimum: 0, maximum: maxInteger });

/** The highest id that others know; 0 for none. */
export const KnownId = Type.Object({ known: IdOrNone });
export type KnownId = Static<typeof KnownId>;

/** What came of it: nothing where ids were above it before, else the highest one given until then, and the one now. */
export const RaisedIds = Type.Object({
  raised: Type.Optional(Type.Object({ from: IdOrNone, to: IdOrNone })),
});
export type RaisedIds = Static<typeof RaisedIds>;

/** A service that gives ids: auth those of people, events those of events. */
export interface IdGiver {
  /** Sees to it that every id to come is above one that others know. */
  readonly raiseIds: (above: KnownId) => Promise<RaisedIds>;
}

/** The same between processes. */
export const idCalls = {
  raiseIds: { path: '/internal/raise-ids', asked: KnownId, answered: RaisedIds },
} as const;
