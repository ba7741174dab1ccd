import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { eachDatabase } from '../support/databases/databases.ts';
import { type System, withSystem } from '../support/system.ts';
import { browserMissing, startBrowser } from './browser.ts';

/** The strictest policy with which Swagger UI works: its arrows are `data:` images. */
const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

eachDatabase((_kind, open) => {
  const system = withSystem(open);
  const skip = browserMissing;
  describe('the API page under a strict Content-Security-Policy', { skip }, () => apiPage(system));
  describe('the OpenAPI document and its page', () => sentOnce(system));
});

function apiPage(system: System): void {
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];
  const complaints: string[] = [];

  before(async () => {
    browser = await startBrowser();
    page = await browser.newPage();
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.route('**/docs', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
    });
    await page.goto(`${system.client.address}/docs`);
  });
  after(() => browser?.close());

  test('it shows every route', async () => {
    await page.getByText('Books a slot', { exact: true }).waitFor();
    const { paths } = (await system.client.ask('GET', '/openapi.json')).json as { paths: Record<string, object> };
    const routes = Object.values(paths).flatMap((methods) => Object.keys(methods));
    assert.equal(await page.locator('.opblock').count(), routes.length);
  });

  test('"Try it out" sends the request and shows the response', async () => {
    await page.getByText('Liveness probe').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table .response-col_description').getByText('"OK"').waitFor();
  });

  test('it loads nothing from other origins and violates no policy', () => {
    assert.ok(asked.length >= 5, asked.join('\n'));
    const elsewhere = asked.filter((url) => !url.startsWith(system.client.address) && !url.startsWith('data:'));
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(complaints, []);
  });
}

function sentOnce(system: System): void {
  for (const [path, type] of [
    ['/openapi.json', 'application/json; charset=utf-8'],
    ['/docs', 'text/html; charset=utf-8'],
    ['/docs/swagger-ui.css', 'text/css; charset=utf-8'],
  ] as const) {
    test(`${path} is sent once, then answered with 304`, async () => {
      const first = await system.client.ask('GET', path);
      assert.equal(first.status, 200);
      assert.equal(first.headers['content-type'], type);
      const again = await system.client.ask('GET', path, { headers: { 'if-none-match': String(first.headers.etag) } });
      assert.deepEqual([again.status, again.text], [304, '']);
    });
  }
}
