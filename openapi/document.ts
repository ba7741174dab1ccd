import { readFileSync } from 'node:fs';
import { type HeaderForm, requestHeaders, responseHeaders } from '../contracts/http/headers.ts';
import { type Route, tags } from '../contracts/http/route.ts';
import { publicRoutes } from '../contracts/routes.ts';
import { sessionCookie } from '../platform/http/sessions.ts';
import { operationOf, sharedAnswers } from './operation.ts';
import { type JsonObject, Schemas } from './schemas.ts';

/** The introduction of the document. */
const description = `Registration for paid events with a limited number of slots.

Bodies are JSON, regardless of their content type; values are not coerced, and an unknown field is an error. Amounts are whole numbers. Errors are \`application/problem+json\` (RFC 9457). \`POST /login\`
sets the session cookie. Lists are paged: a \`Link\` header names the next page.

An unknown address is 404; a wrong method is 405 with \`Allow\`. A request that does not arrive in time is 408; headers
that are too large are 431.`;

/** The description of each heading. */
const tagTexts: Readonly<Record<(typeof tags)[number], string>> = {
  auth: 'People, sessions and tokens.',
  events: 'Events and their slots.',
  account: 'Balances and transfers.',
  bookings: 'Bookings: each is one person’s request for one slot.',
  reconciliation: 'Whether the records of all services agree.',
  health: 'Probes for orchestrators and load balancers.',
  about: 'About this API.',
};

/**
 * Writes one OpenAPI 3.1 document for all services. Routes are values in `contracts/`, so any process can write it.
 * Source: https://spec.openapis.org/oas/v3.1.1
 */
export function writeDocument(routes: readonly Route[] = publicRoutes): JsonObject {
  const schemas = new Schemas();
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const responses = sharedAnswers(schemas);
  return {
    openapi: '3.1.1',
    info: { title: 'Startlist', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: tags.map((name) => ({ name, description: tagTexts[name] })),
    paths,
    components: {
      schemas: schemas.named,
      responses,
      parameters: mapValues(requestHeaders, (header, name) => ({ name, in: 'header', ...written(header, schemas) })),
      headers: mapValues(responseHeaders, (header) => written(header, schemas)),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'Set by `POST /login`.' },
        token: { type: 'http', scheme: 'bearer', description: 'An API token with the listed scope.' },
      },
    },
  };
}

const written = ({ description: says, schema }: HeaderForm, schemas: Schemas): JsonObject => ({
  description: says,
  schema: schemas.write(schema),
});

function mapValues<Value>(
  record: Record<string, Value>,
  write: (value: Value, name: string) => JsonObject,
): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, write(value, name)]));
}
