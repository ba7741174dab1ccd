import { Type } from 'typebox';
import { defineRoute } from './route.ts';

const Status = Type.Object({ status: Type.Literal('OK') });

export const health = defineRoute({
  method: 'GET',
  path: '/health',
  tag: 'health',
  operationId: 'health',
  summary: 'Liveness probe',
  access: 'anyone',
  answers: { 200: { says: 'The process is running.', body: Status, example: { status: 'OK' } } },
});

export const ready = defineRoute({
  method: 'GET',
  path: '/ready',
  tag: 'health',
  operationId: 'ready',
  summary: 'Readiness probe',
  access: 'anyone',
  answers: { 200: { says: 'The process accepts requests.', body: Status, example: { status: 'OK' } } },
  problems: { 503: 'The process is shutting down.' },
});
