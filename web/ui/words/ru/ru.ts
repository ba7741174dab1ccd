import type { Words } from '../en/en.ts';
import { account } from './account.ts';
import { booking } from './booking.ts';
import { common } from './common.ts';
import { operator } from './operator.ts';
import { organizer } from './organizer.ts';
import { problems } from './problems.ts';

/** All texts in Russian. */
export const ru: Words = { ...common, problems, ...booking, ...account, ...organizer, ...operator };
