import type { Clients } from '../clients.ts';
import type { Scenario } from '../scenario.ts';
import type { Tables } from '../tables.ts';
import { checkAnswers, checkCanceledEvents, checkKeys } from './answers.ts';
import { checkBooking } from './bookings.ts';
import { checkDesk } from './desk.ts';
import { checkMoney, checkPaidIn, checkVouchers } from './money.ts';
import { checkSlots } from './slots.ts';

/** Checks the rules that must hold after everything has settled. @returns a description of each offence. */
export function findOffences(tables: Tables, scenario: Scenario, clients: Clients): string[] {
  return [
    ...checkSlots(tables, clients),
    ...checkMoney(tables),
    ...checkDesk(tables),
    ...tables.bookings.flatMap((booking) => checkBooking(booking, tables, clients)),
    ...checkAnswers(tables, clients),
    ...checkPaidIn(tables, scenario, clients),
    ...checkCanceledEvents(tables, clients),
    ...checkKeys(tables, clients),
    ...checkVouchers(tables, clients),
  ];
}
