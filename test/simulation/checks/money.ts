import { addedBy, paidInBy } from '../../../account/payments/payments.ts';
import type { Clients } from '../clients.ts';
import type { Scenario } from '../scenario.ts';
import type { Tables } from '../tables.ts';
import { creditsAtDesk, vouchersOf } from './desk.ts';
import { checkOwners } from './slots.ts';

export function checkMoney({ accounts, transfers, payments, bookings }: Tables): string[] {
  const offences = checkOwners('payment', payments, bookings);
  for (const { personId, balance, deposited } of accounts) {
    const own = transfers.filter((transfer) => transfer.personId === personId);
    const sum = own.reduce((total, { kind, amount }) => total + addedBy({ kind, amount }), 0);
    const paidIn = own.reduce((total, { kind, amount }) => total + paidInBy({ kind, amount }), 0);
    if (sum !== balance) offences.push(`person ${personId} has ${balance}, but transfers of ${sum}`);
    if (paidIn !== deposited) offences.push(`person ${personId} deposited ${deposited}, but transfers say ${paidIn}`);
    if (balance < 0) offences.push(`person ${personId} has a negative balance of ${balance}`);
  }
  for (const { id } of bookings) {
    const amounts = (kind: string) =>
      transfers.filter((each) => each.bookingId === id && each.kind === kind).map(({ amount }) => amount);
    const payment = payments.find(({ bookingId }) => bookingId === id);
    const moves = payment?.amount && ['paid', 'refunded'].includes(payment.state) ? [payment.amount] : [];
    const back = payment?.state === 'refunded' ? moves : [];
    if (`${amounts('payment')}` !== `${moves}`)
      offences.push(`booking ${id} paid [${amounts('payment')}], not [${moves}]`);
    if (`${amounts('refund')}` !== `${back}`)
      offences.push(`booking ${id} got [${amounts('refund')}] back, not [${back}]`);
  }
  return offences;
}

/** What a person paid in beside the desk payments of bookings is what clients sent. */
export function checkPaidIn(tables: Tables, { balances }: Scenario, clients: Clients): string[] {
  const atDesk = creditsAtDesk(tables);
  return tables.accounts.flatMap(({ personId, deposited }) => {
    const { sent, answered } = clients.paidIn.get(personId) ?? { sent: 0, answered: 0 };
    const added = deposited - (balances[personId - 1] ?? 0) - (atDesk.get(personId) ?? 0);
    return added >= answered && added <= sent
      ? []
      : [`person ${personId} has paid in ${added}, but ${sent} were sent and ${answered} answered`];
  });
}

/**
 * An answered credit or payout is stored, a refused one is not, and one with an unknown outcome may be. All others belong
 * to the desk payments of bookings.
 */
export function checkVouchers(tables: Tables, clients: Clients): string[] {
  const { vouchers } = tables;
  const atDesk = new Set(tables.payments.flatMap((payment) => vouchersOf(payment, tables)));
  const made = new Set(vouchers.map(({ reference }) => reference));
  const unasked = vouchers.filter((each) => {
    return each.transferId === null || !(clients.vouchers.has(each.reference) || atDesk.has(each));
  });
  const offences = unasked.map(({ reference }) => `no client asked for the credit or payout ${reference}`);
  for (const [reference, { isKnown, answers }] of clients.vouchers) {
    if (answers.size > 0 && !made.has(reference))
      offences.push(`the credit or payout ${reference} was answered, but is not stored`);
    if (answers.size === 0 && isKnown && made.has(reference))
      offences.push(`the credit or payout ${reference} was refused, but is stored`);
  }
  return offences;
}
