import { Type } from 'typebox';
import { defineRoute } from './route.ts';

export const getDocument = defineRoute({
  method: 'GET',
  path: '/openapi.json',
  tag: 'about',
  operationId: 'getDocument',
  summary: 'Shows this document',
  description: 'OpenAPI 3.1, made from the schemas by which requests are validated. `/docs` shows it as a page.',
  access: 'anyone',
  answers: {
    200: {
      says: 'The document.',
      body: Type.Object(
        { openapi: Type.String({ pattern: '^3\\.1\\.' }), info: Type.Object({}), paths: Type.Object({}) },
        { additionalProperties: true },
      ),
      example: { openapi: '3.1.1', info: { title: 'Startlist', version: '0.1.0' }, paths: {} },
    },
  },
});
