import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { type Route, tags } from './http/route.ts';
import { publicRoutes } from './routes.ts';

const ajv = new Ajv({ strict: false, strictNumbers: true, allErrors: true, formats: { 'date-time': true } });

/** The errors found when an example is validated by its schema. */
const faults = (schema: object, example: unknown) => (ajv.validate(schema, example) ? [] : (ajv.errors ?? []));

test('names and addresses of routes are unique', () => {
  const names = publicRoutes.map(({ operationId }) => operationId);
  const addresses = publicRoutes.map(({ method, path }) => `${method} ${path}`);
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(addresses).size, addresses.length);
});

test('the writes to events, accounts and bookings take an Idempotency-Key, and no other route does', () => {
  const addresses = (routes: readonly Route[]) => routes.map(({ method, path }) => `${method} ${path}`).toSorted();
  const takesKey = addresses(publicRoutes.filter(({ headers }: Route) => headers?.includes('Idempotency-Key')));
  const writes = publicRoutes.filter(({ method, path }) => method !== 'GET' && /^\/(events|account|book)\//.test(path));
  // A repair is idempotent, so it needs no Idempotency-Key.
  const isMending = (address: string) => address === 'POST /book/reconciliation/mend';
  assert.deepEqual(
    takesKey,
    addresses(writes).filter((address) => !isMending(address)),
  );
  assert.ok(addresses(writes).some(isMending));
});

for (const route of publicRoutes) {
  describe(`${route.method} ${route.path}`, () => {
    test('has a description for each parameter, a heading and a response', () => {
      const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      assert.deepEqual(inPath, Object.keys(route.params?.properties ?? {}));
      assert.ok(tags.includes(route.tag));
      assert.match(route.operationId, /^[a-z][A-Za-z]+$/);
      assert.ok(Object.keys(route.answers).length > 0);
      if (route.method === 'GET') assert.equal(route.body, undefined);
    });

    test('has examples that are valid by its schemas', () => {
      if (route.body !== undefined) {
        assert.ok(route.example !== undefined, 'the body has no example');
        assert.deepEqual(faults(route.body, route.example), []);
      }
      for (const [status, { body, example }] of Object.entries(route.answers as Route['answers'])) {
        if (body === undefined) continue;
        assert.ok(example !== undefined, `response ${status} has no example`);
        assert.deepEqual(faults(body, example), [], status);
      }
    });
  });
}
