import { Type } from 'typebox';
import { defineRoute } from './route.ts';

const Status = Type.Object({ status: Type.Literal('OK') });

export const health = defineRoute({
  method: 'GET',
  path: '/health',
  tag: 'health',
  operationId: 'health',
  summary: 'Says that the process is up',
  access: 'anyone',
  answers: { 200: { says: 'It is.', body: Status, example: { status: 'OK' } } },
});

export const ready = defineRoute({
  method: 'GET',
  path: '/ready',
  tag: 'health',
  operationId: 'ready',
  summary: 'Says whether the process takes requests',
  access: 'anyone',
  answers: { 200: { says: 'It does.', body: Status, example: { status: 'OK' } } },
  problems: { 503: 'It is about to end.' },
});
