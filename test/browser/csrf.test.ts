import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { createEvent, createPeople, type Person, readBalance, signInAdmin, withSystem } from '../support/system.ts';
import { browserMissing, startBrowser } from './browser.ts';

/** Starts a site with another origin. Its page is irrelevant: the tests run an attacker's scripts in it. */
async function startForeignSite(): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>win a race bib</title><body></body>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

eachDatabase((_kind, open) => {
  describe('cross-site requests from a browser with a signed-in person', { skip: browserMissing }, () => {
    const browsing = withBrowsing(open);
    foreignPages(browsing);

    test('a page from our own origin: the same requests are carried out', async () => {
      const page = await browsing.visit(`${browsing.own}/signin`);
      const statuses = await run<number[]>(
        page,
        `const send = (path, method, body) =>
          fetch(path, { method, body: JSON.stringify(body) }).then(({ status }) => status);
        return [
          await send('/book/create', 'POST', { event_id: ${browsing.eventId} }),
          await send('/account/deposit', 'PUT', { delta: 50 }),
        ];`,
      );
      assert.deepEqual(statuses, [201, 200]);
      assert.deepEqual(await browsing.changes(), { bookings: 1, balance: 145 });
    });
  });
});

type Browsing = ReturnType<typeof withBrowsing>;

/** The fixture of the suite: for each test a new person, signed in at our site in a new browser context. */
function withBrowsing(open: Open) {
  const system = withSystem(open);
  let eventId: number;
  let browser: Browser;
  let foreign: Awaited<ReturnType<typeof startForeignSite>>;
  let context: BrowserContext;
  let person: Person;
  let names = 0;

  before(async () => {
    [browser, foreign] = await Promise.all([startBrowser(), startForeignSite()]);
    eventId = await createEvent(system.client, await signInAdmin(system.client), { price: 5, slots: 100 });
  });
  after(async () => {
    await browser?.close();
    foreign?.server.close();
    foreign?.server.closeAllConnections();
  });
  beforeEach(async () => {
    const [made] = await createPeople(system.client, 1, 100, `browsing-${names++}`);
    assert.ok(made);
    person = made;
    context = await browser.newContext();
    const [name = '', value = ''] = person.cookie.split('=');
    await context.addCookies([{ name, value, url: system.client.address, httpOnly: true, sameSite: 'Lax' }]);
  });
  afterEach(() => context.close());

  return {
    /** The address of our own site. */
    get own(): string {
      return system.client.address;
    },
    get eventId(): number {
      return eventId;
    },
    get context(): BrowserContext {
      return context;
    },
    foreign: (host = '127.0.0.1') => `http://${host}:${foreign.port}/`,
    async visit(address: string): Promise<Page> {
      const page = await context.newPage();
      await page.goto(address);
      return page;
    },
    /** The number of the person's bookings, and the balance. */
    async changes(): Promise<object> {
      const { client } = system;
      const bookings = (await client.ask('GET', '/book/get', { cookie: person.cookie })).json as unknown[];
      return { bookings: bookings.length, balance: await readBalance(client, person) };
    },
  };
}

const unchanged = { bookings: 0, balance: 100 };

function foreignPages(browsing: Browsing): void {
  for (const host of ['127.0.0.1', 'localhost']) {
    test(`a page from another origin (${host}, another port): none of its requests is carried out`, async () => {
      const page = await browsing.visit(browsing.foreign(host));
      await attack(page, `${browsing.own}/book/create`, 'POST', JSON.stringify({ event_id: browsing.eventId }));
      await attack(page, `${browsing.own}/account/deposit`, 'PUT', JSON.stringify({ delta: 50 }));
      await attack(page, `${browsing.own}/account/deposit`, 'POST', JSON.stringify({ delta: 50 }));
      await attack(page, `${browsing.own}/logout`, 'POST', '');
      assert.deepEqual(await browsing.changes(), unchanged, 'the person is still signed in');
      const status = await postForm(page, `${browsing.own}/book/create`, `{"event_id":${browsing.eventId},"x`, '":1}');
      assert.equal(status, 403);
      assert.deepEqual(await browsing.changes(), unchanged);
    });
  }

  test('a page from another origin cannot sign the browser in as the attacker', async () => {
    await browsing.context.clearCookies();
    const page = await browsing.visit(browsing.foreign());
    const status = await postForm(
      page,
      `${browsing.own}/login`,
      '{"login":"user","password":"userpassword","x',
      '":1}',
    );
    assert.equal(status, 403);
    assert.deepEqual(await browsing.context.cookies(browsing.own), []);
  });

  test('a page from another origin reads nothing, and cannot show our pages in a frame', async () => {
    const page = await browsing.visit(browsing.foreign());
    const account = JSON.stringify(`${browsing.own}/account/get`);
    const read = await run<string>(
      page,
      `return fetch(${account}, { credentials: 'include' }).then((answer) => answer.text()).catch(() => 'nothing');`,
    );
    assert.equal(read, 'nothing');
    // Waits for a navigation of the frame. It must lead to the browser's error page, not to our page.
    const [gone] = await Promise.all([
      page.waitForEvent('framenavigated', (frame) => frame.parentFrame() !== null && frame.url() !== 'about:blank'),
      page.waitForResponse(`${browsing.own}/signin`),
      run(
        page,
        `const frame = document.createElement('iframe');
        frame.src = ${JSON.stringify(`${browsing.own}/signin`)};
        document.body.append(frame);`,
      ),
    ]);
    assert.match(gone.url(), /^chrome-error:/);
    const framed = page.frames().filter((frame) => frame.url().startsWith(browsing.own));
    assert.deepEqual(framed, []);
  });
}

/** Runs a script in the page. Scripts are strings, because their globals exist only in browsers. */
const run = <Result>(page: Page, script: string) => page.evaluate<Result>(`(async () => { ${script} })()`);

/** Sends a body from a page as text, as a form and as JSON, with every mode of fetch, and as a beacon. */
async function attack(page: Page, address: string, method: string, body: string): Promise<void> {
  const [url, sent] = [JSON.stringify(address), JSON.stringify(body)];
  await run(
    page,
    `for (const mode of ['no-cors', 'cors', 'same-origin']) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
        const headers = { 'content-type': type };
        const asked = { method: '${method}', mode, credentials: 'include', headers, body: ${sent} };
        await fetch(${url}, asked).catch(() => {});
      }
    }
    navigator.sendBeacon(${url}, ${sent});`,
  );
}

/** Posts a text/plain form with one field, whose name and value form JSON when joined. */
async function postForm(page: Page, action: string, name: string, value: string): Promise<number> {
  const answered = page.waitForResponse((response) => response.url() === action);
  const form = { method: 'post', action, enctype: 'text/plain' };
  await run(
    page,
    `const form = Object.assign(document.createElement('form'), ${JSON.stringify(form)});
    form.append(Object.assign(document.createElement('input'), ${JSON.stringify({ name, value })}));
    document.body.append(form);
    form.submit();`,
  );
  return (await answered).status();
}
