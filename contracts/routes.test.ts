import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { type Route, tags } from './http/route.ts';
import { publicRoutes } from './routes.ts';

const ajv = new Ajv({ strict: false, strictNumbers: true, allErrors: true, formats: { 'date-time': true } });

/** What is wrong with an example by the schema that it is one of. */
const faults = (schema: object, example: unknown) => (ajv.validate(schema, example) ? [] : (ajv.errors ?? []));

test('no two routes have the same name or the same address', () => {
  const names = publicRoutes.map(({ operationId }) => operationId);
  const addresses = publicRoutes.map(({ method, path }) => `${method} ${path}`);
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(addresses).size, addresses.length);
});

test('the writes to events, accounts and bookings take an Idempotency-Key, and no other route does', () => {
  const addresses = (routes: readonly Route[]) => routes.map(({ method, path }) => `${method} ${path}`).toSorted();
  const takesKey = addresses(publicRoutes.filter(({ headers }: Route) => headers?.includes('Idempotency-Key')));
  const writes = publicRoutes.filter(({ method, path }) => method !== 'GET' && /^\/(events|account|book)\//.test(path));
  // What is mended is mended once by itself.
  const isMending = (address: string) => address === 'POST /book/reconciliation/mend';
  assert.deepEqual(
    takesKey,
    addresses(writes).filter((address) => !isMending(address)),
  );
  assert.ok(addresses(writes).some(isMending));
});

for (const route of publicRoutes) {
  describe(`${route.method} ${route.path}`, () => {
    test('is whole: its parameters, its heading and an answer are there', () => {
      const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      assert.deepEqual(inPath, Object.keys(route.params?.properties ?? {}));
      assert.ok(tags.includes(route.tag));
      assert.match(route.operationId, /^[a-z][A-Za-z]+$/);
      assert.ok(Object.keys(route.answers).length > 0);
      if (route.method === 'GET') assert.equal(route.body, undefined);
    });

    test('has examples, and they are valid by its own schemas', () => {
      if (route.body !== undefined) {
        assert.ok(route.example !== undefined, 'there is no example of its body');
        assert.deepEqual(faults(route.body, route.example), []);
      }
      for (const [status, { body, example }] of Object.entries(route.answers as Route['answers'])) {
        if (body === undefined) continue;
        assert.ok(example !== undefined, `there is no example of ${status}`);
        assert.deepEqual(faults(body, example), [], status);
      }
    });
  });
}
