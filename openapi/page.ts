import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A static file, sent whole. */
export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  /** A strong validator over the bytes (RFC 9110, 8.8.3). */
  readonly etag: string;
}

export function asset(type: string, content: string | Buffer): Asset {
  const bytes = Buffer.from(content);
  return { type, bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
}

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Startlist API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="interface"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** By default Swagger UI sends the document to a public validator. `validatorUrl: null` prevents that. */
const start = `SwaggerUIBundle({
  dom_id: '#interface',
  url: '/openapi.json',
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
});
`;

const require = createRequire(import.meta.url);
const ofSwaggerUi = (file: string) => readFileSync(require.resolve(`@fastify/swagger-ui/static/${file}`));

/** The documentation page and its files, by path. Each is read at its first request. */
export const pageAssets: Readonly<Record<string, () => Asset>> = {
  '/docs': once(() => asset('text/html; charset=utf-8', html)),
  '/docs/start.js': once(() => asset('text/javascript; charset=utf-8', start)),
  '/docs/swagger-ui-bundle.js': once(() =>
    asset('text/javascript; charset=utf-8', ofSwaggerUi('swagger-ui-bundle.js')),
  ),
  '/docs/swagger-ui.css': once(() => asset('text/css; charset=utf-8', ofSwaggerUi('swagger-ui.css'))),
};

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
