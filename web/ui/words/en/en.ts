import { account } from './account.ts';
import { booking } from './booking.ts';
import { common } from './common.ts';
import { operator } from './operator.ts';
import { organizer } from './organizer.ts';
import { problems } from './problems.ts';

/** All texts in English. Other languages have the same keys. */
export const en = { ...common, problems, ...booking, ...account, ...organizer, ...operator };
export type Words = typeof en;
