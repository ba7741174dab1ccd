import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { apiParts, pageParts } from '../contracts/http/paths.ts';
import { publicRoutes } from '../contracts/routes.ts';
import { createServer, type Server } from '../platform/http/server.ts';
import { createLog } from '../platform/telemetry/log.ts';
import { buildPages } from './build.ts';
import { builtPages, pageRoutes } from './files.ts';

const html = { accept: 'text/html,*/*;q=0.8' };

before(async () => void (await buildPages()));

function serve(folder?: string): Server {
  const server = createServer(createLog('silent'));
  server.get('/events/get', async () => []);
  server.post('/login', async () => ({}));
  pageRoutes(server, folder);
  return server;
}

describe('pages over HTTP', () => {
  let server: Server;
  before(() => {
    server = serve();
  });
  after(() => server.close());

  const get = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers });

  test('each page address gives the entry, which browsers revalidate each time', async () => {
    for (const part of pageParts) {
      for (const url of part === '' ? ['/'] : [`/${part}`, `/${part}/7`, `/${part}?to=/`]) {
        const { statusCode, headers, body } = await get(url);
        assert.equal(statusCode, 200, url);
        assert.equal(headers['cache-control'], 'no-cache');
        assert.match(body, /<div id="pages">/);
      }
    }
    const { headers } = await get('/');
    const again = await get('/', { 'if-none-match': String(headers.etag) });
    assert.equal(again.statusCode, 304);
  });

  test('the entry has no inline script or style, and refers to no other origin', async () => {
    const { body } = await get('/');
    assert.doesNotMatch(body, /<style|style=|<script(?![^>]* src=)|https?:/);
  });

  test('an asset is immutable, and compressed if the client accepts it', async () => {
    const isEntry = (each: string) => /^index-.*\.js$/.test(each);
    const [name = ''] = readdirSync(join(builtPages, 'assets')).filter(isEntry);
    const plain = await get(`/assets/${name}`);
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(String(plain.headers['content-type']), /javascript/);
    const small = await get(`/assets/${name}`, { 'accept-encoding': 'gzip, br' });
    assert.equal(small.headers['content-encoding'], 'br');
    assert.equal(brotliDecompressSync(small.rawPayload).toString(), plain.body);
    assert.ok(small.rawPayload.length * 2 < plain.rawPayload.length);
  });

  test('API addresses give API responses to browsers, too', async () => {
    for (const url of ['/events', '/events/nothing', '/book/x', '/internal/occupy', '/auth/nothing']) {
      const { statusCode, headers } = await get(url, html);
      assert.equal(statusCode, 404, url);
      assert.match(String(headers['content-type']), /problem\+json/);
    }
    assert.equal((await get('/events/get', html)).body, '[]');
    const { statusCode, headers } = await get('/login', html);
    assert.deepEqual([statusCode, headers.allow], [405, 'POST']);
  });

  test('an unknown address gives 404: a page to a browser, a problem to a program', async () => {
    const person = await get('/nothing/here', html);
    assert.equal(person.statusCode, 404);
    assert.match(person.body, /<div id="pages">/);
    const program = await get('/nothing/here');
    assert.equal(program.statusCode, 404);
    assert.match(String(program.headers['content-type']), /problem\+json/);
  });

  test('only assets are served from the folder', async () => {
    for (const url of [
      '/assets/../sources.sha256',
      '/assets/%2e%2e/sources.sha256',
      '/sources.sha256',
      '/assets/..%2f..%2ffiles.ts',
    ]) {
      const { statusCode } = await get(url);
      assert.ok(statusCode === 404 || statusCode === 403, `${url}: ${statusCode}`);
    }
  });
});

test('pages and the API share no address', () => {
  const first = (path: string) => path.split('/')[1] ?? '';
  const inApi = new Set([...publicRoutes.map(({ path }) => first(path)), ...apiParts]);
  assert.deepEqual(
    [...pageParts].filter((part) => inApi.has(part)),
    [],
  );
  assert.deepEqual(
    publicRoutes.map(({ path }) => first(path)).filter((part) => !apiParts.has(part)),
    [],
  );
});

test('if the pages are not built, nothing is served', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'startlist-pages-'));
  const server = createServer(createLog('silent'));
  assert.equal(pageRoutes(server, empty), false);
  assert.equal((await server.inject('/')).statusCode, 404);
  await server.close();
  rmSync(empty, { recursive: true });
});

test('the first page needs less than 150 kB of compressed script', (t) => {
  const entry = readFileSync(join(builtPages, 'index.html'), 'utf8');
  const scripts = [...entry.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
  assert.ok(scripts.length > 0);
  const bytes = scripts.reduce((sum, path) => sum + statSync(join(builtPages, `${path}.gz`)).size, 0);
  t.diagnostic(`${(bytes / 1_000).toFixed(1)} kB with gzip`);
  assert.ok(bytes < 150_000, `${bytes} bytes`);
});

test('unchanged pages are not rebuilt', async () => {
  const { mtimeMs } = statSync(join(builtPages, 'index.html'));
  assert.equal(await buildPages(), false);
  assert.equal(statSync(join(builtPages, 'index.html')).mtimeMs, mtimeMs);
});
