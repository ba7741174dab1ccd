import { defineRoute } from '../http/route.ts';
import { progressType, ReconciliationLine, ReconciliationReport } from './reconciliation.ts';

const clean = {
  clean: true,
  checked: { bookings: 7, slots: 7, payments: 6, events: 2, accounts: 1, transfers: 6 },
  open: 0,
  found: 0,
  findings: [],
  began_at: '2026-03-01T09:00:00.000Z',
  took_ms: 12,
};
const nothingMended = {
  reoccupied: 0,
  canceled: 0,
  refunding: 0,
  slots_released: 0,
  payments_refunded: 0,
  unsettled: 0,
};

const ofReconciliation = {
  tag: 'reconciliation',
  access: 'session',
  only: 'an admin',
  headers: ['Accept'],
} as const;

export const reconcile = defineRoute({
  ...ofReconciliation,
  method: 'GET',
  path: '/book/reconciliation',
  operationId: 'reconcile',
  summary: 'Compares the records of all services',
  description: `It may take long. With \`Accept: ${progressType}\` a line of JSON tells about every second how far it has come, and the last one is the report.`,
  answers: {
    200: {
      says: 'What was found.',
      body: ReconciliationReport,
      types: { [progressType]: ReconciliationLine },
      example: clean,
    },
  },
});

export const lastReconciliation = defineRoute({
  tag: 'reconciliation',
  access: 'session',
  only: 'an admin',
  method: 'GET',
  path: '/book/reconciliation/last',
  operationId: 'lastReconciliation',
  summary: 'Shows the last comparison that this process made',
  answers: { 200: { says: 'What was found then.', body: ReconciliationReport, example: clean } },
  problems: { 404: 'This process has made none since its start.' },
});

export const mend = defineRoute({
  ...ofReconciliation,
  method: 'POST',
  path: '/book/reconciliation/mend',
  operationId: 'mend',
  summary: 'Mends the records of all services, and compares them',
  description:
    'After a database was restored from a back-up. It is asked for, and answers, as the comparison does. Sent again it mends what is left to be mended.',
  answers: {
    200: {
      says: 'What was mended, and what was found afterwards.',
      body: ReconciliationReport,
      types: { [progressType]: ReconciliationLine },
      example: { ...clean, mended: nothingMended },
    },
  },
});
