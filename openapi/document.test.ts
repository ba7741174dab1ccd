import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Type } from 'typebox';
import { Problem } from '../contracts/http/problem.ts';
import { publicRoutes } from '../contracts/routes.ts';
import { scopes } from '../contracts/scopes.ts';
import { problem } from '../platform/http/problem-details.ts';
import { writeDocument } from './document.ts';
import { type JsonObject, Schemas } from './schemas.ts';

const document = writeDocument();
const operations = Object.entries(document.paths as Record<string, Record<string, JsonObject>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** All values of a key in the document, at any depth. */
function found(key: string, value: unknown = document): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [...(name === key ? [part] : []), ...found(key, part)]);
}

const resolve = (ref: string) =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, part) => (value as JsonObject | undefined)?.[part], document);

test('it is valid by the schemas of OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document) as never);
  assert.equal(valid, true, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
});

test('an invalid document is found', async () => {
  const broken = structuredClone(document) as { paths: Record<string, { get: { responses?: unknown } }> };
  delete broken.paths['/events/get']?.get.responses;
  broken.paths['no slash'] = { get: {} };
  assert.equal((await new Validator().validate(broken as never)).valid, false);
});

test('it contains every route once, under its own name', () => {
  assert.deepEqual(
    operations.map(({ operation }) => operation.operationId).sort(),
    publicRoutes.map(({ operationId }) => operationId).sort(),
  );
});

test('every reference resolves, and every component is used', () => {
  const refs = new Set(found('$ref') as string[]);
  for (const ref of refs) assert.ok(resolve(ref) !== undefined, ref);
  const { schemas, responses, headers, parameters } = document.components as Record<string, JsonObject>;
  for (const [kind, parts] of Object.entries({ schemas, responses, headers, parameters })) {
    for (const name of Object.keys(parts ?? {})) {
      if (name !== 'Accept') assert.ok(refs.has(`#/components/${kind}/${name}`), `${kind}/${name}`);
    }
  }
});

test('two schemas with one name are an error', () => {
  const schemas = new Schemas();
  const one = Type.Object({ a: Type.Integer() }, { $id: 'One' });
  assert.deepEqual(schemas.write(one), schemas.write(Type.Object({ a: Type.Integer() }, { $id: 'One' })));
  assert.throws(
    () => schemas.write(Type.Object({ b: Type.Integer() }, { $id: 'One' })),
    /two schemas have the \$id One/,
  );
});

test('its schemas are the ones that validate requests', () => {
  // In the document a schema is a component with a name, and has no `$id`.
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (key, part) => (key === '$id' ? undefined : part)));
  const expand = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(expand);
    if (typeof value !== 'object' || value === null) return value;
    if ('$ref' in value) return expand(resolve(String(value.$ref)));
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, expand(part)]));
  };
  for (const route of publicRoutes.filter(({ body }) => body !== undefined)) {
    const { operation } = operations.find(({ operation: { operationId } }) => operationId === route.operationId) ?? {};
    const written = resolveIn(operation, ['requestBody', 'content', 'application/json', 'schema']);
    assert.deepEqual(expand(written), plain(route.body), route.operationId);
  }
});

function resolveIn(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((part, name) => (part as JsonObject | undefined)?.[name], value);
}

describe('each operation', () => {
  for (const { path, method, operation } of operations) {
    test(`${method.toUpperCase()} ${path} names who may call it and every problem it responds with`, () => {
      const { responses, security } = operation as { responses: Record<string, JsonObject>; security: JsonObject[] };
      const statuses = Object.keys(responses).map(Number);
      assert.ok(statuses.some((status) => status < 300));
      if (path !== '/health' && path !== '/ready') assert.ok(statuses.includes(429) && statuses.includes(503));
      if (method !== 'get')
        for (const status of [400, 403, 413, 504]) assert.ok(statuses.includes(status), `${status}`);
      for (const [status, response] of Object.entries(responses).filter(([text]) => Number(text) >= 400)) {
        assert.equal(response.$ref, `#/components/responses/Problem${status}`);
        const media = resolveIn(resolve(String(response.$ref)), ['content', 'application/problem+json']);
        assert.deepEqual(resolveIn(media, ['schema']), { $ref: '#/components/schemas/Problem' });
        assert.equal(resolveIn(media, ['example', 'status']), Number(status));
      }
      assert.ok(security.length > 0);
      if (!security.some((one) => Object.keys(one).length === 0)) assert.ok(statuses.includes(401));
      for (const scope of security.flatMap(({ token }) => (token ?? []) as string[])) {
        assert.ok(scopes.includes(scope as never), scope);
      }
    });
  }
});

test('a problem has the documented fields and no others', () => {
  const sent = problem(409, 'It is taken.', 'login', { reason: 'login_taken', values: { login: 'x' } });
  assert.deepEqual(Object.keys(sent).sort(), Object.keys(Problem.properties).sort());
  const types = (found('example') as JsonObject[]).filter((one) => 'detail' in (one ?? {})).map(({ type }) => type);
  assert.ok(types.length > 5);
  for (const type of types) assert.match(String(type), /^urn:startlist:problem:[a-z_]+$/);
  assert.ok(
    !types.includes('urn:startlist:problem:error'),
    'a status has no words in platform/http/problem-details.ts',
  );
});
