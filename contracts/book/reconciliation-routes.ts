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
  description: `In large installations the comparison takes minutes. With \`Accept: ${progressType}\`, the response has a line of JSON with the progress about every second, and the report as the last line.`,
  answers: {
    200: {
      says: 'The report.',
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
  summary: 'Shows the last comparison of this process',
  answers: { 200: { says: 'The report.', body: ReconciliationReport, example: clean } },
  problems: { 404: 'This process has not run a comparison since it started.' },
});

export const mend = defineRoute({
  ...ofReconciliation,
  method: 'POST',
  path: '/book/reconciliation/mend',
  operationId: 'mend',
  summary: 'Repairs the records of all services, and compares them',
  description:
    'For use after a database was restored from a backup. The response has the same form as that of the comparison. A repeated request repairs what is left to repair.',
  answers: {
    200: {
      says: 'What was repaired, and the report of a comparison afterwards.',
      body: ReconciliationReport,
      types: { [progressType]: ReconciliationLine },
      example: { ...clean, mended: nothingMended },
    },
  },
});
