import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { buildPages } from '../../web/build.ts';
import { openPlace, type Place, type Program, startProgram } from '../support/program.ts';
import { type Client, createEvent, createPeople, type Person, signInAdmin } from '../support/system.ts';
import { startBrowser } from './browser.ts';

/** The source of axe. The debugger evaluates it, so the page's script policy does not apply. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

export const phone = { width: 390, height: 780 };
export const wide = { width: 1_200, height: 800 };

/** A Startlist process with its pages, and one browser, in which each visit has a context of its own. */
export class Stage {
  readonly browser: Browser;
  readonly place: Place;
  program: Program;
  client: Client;
  admin: Person;
  /** Script errors and policy violations of all visited pages. */
  readonly complaints: string[] = [];
  readonly #port: string;

  private constructor(browser: Browser, place: Place, program: Program, client: Client, admin: Person) {
    this.browser = browser;
    this.place = place;
    this.program = program;
    this.client = client;
    this.admin = admin;
    this.#port = new URL(client.address).port;
  }

  /** @param environment variables for the process, in addition to those that locate its data. */
  static async open(environment: Readonly<Record<string, string>> = {}): Promise<Stage> {
    const [place, browser] = await Promise.all([openPlace(), startBrowser(), buildPages()]);
    const program = startProgram({ ...place.environment, ...environment });
    const client = await program.ready;
    return new Stage(browser, place, program, client, await signInAdmin(client));
  }

  /** Kills the program and starts it again on the same port. */
  async restart(): Promise<void> {
    await this.program.end('SIGKILL');
    this.program = startProgram({ ...this.place.environment, PORT: this.#port });
    this.client = await this.program.ready;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.program.end('SIGTERM');
    await this.place.remove();
  }

  /** Opens a page in a new browser context, signed in if there is a `person`. */
  async visit(path: string, person?: Person, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      baseURL: this.client.address,
      locale: 'en-GB',
      viewport: wide,
      reducedMotion: 'reduce',
      ...options,
    });
    if (person !== undefined) await context.addCookies([this.#cookieOf(person)]);
    this.#listen(context);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(path);
    return page;
  }

  #cookieOf({ cookie }: Person) {
    const [name = '', value = ''] = cookie.split('=');
    return { name, value, url: this.client.address };
  }

  #listen(context: BrowserContext): void {
    context.on('weberror', (error) => this.complaints.push(`${error.page()?.url()}: ${error.error().message}`));
    context.on('console', (message) => {
      // Failed requests are expected in tests; a policy violation never is.
      if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text())) {
        this.complaints.push(message.text());
      }
    });
  }
}

/**
 * The fixture of a suite: opens a stage before its tests, and closes it after them. Its properties can be read in hooks
 * and tests only.
 * @param environment variables for the process, in addition to those that locate its data.
 */
export function withStage(environment: Readonly<Record<string, string>> = {}) {
  let stage: Stage | undefined;
  before(async () => {
    stage = await Stage.open(environment);
  });
  after(() => stage?.close());
  const opened = (): Stage => {
    if (stage === undefined) throw new Error('the stage opens in a hook, before the tests');
    return stage;
  };
  return {
    get client(): Client {
      return opened().client;
    },
    get admin(): Person {
      return opened().admin;
    },
    get place(): Place {
      return opened().place;
    },
    get program(): Program {
      return opened().program;
    },
    get complaints(): readonly string[] {
      return opened().complaints;
    },
    restart: () => opened().restart(),
    visit: (...visit: Parameters<Stage['visit']>) => opened().visit(...visit),
    /** Registers a person with this balance, and signs them in. */
    async someone(name: string, money: number): Promise<Person> {
      const [person] = await createPeople(opened().client, 1, money, name);
      assert.ok(person);
      return person;
    },
    /** Creates an event. @returns its id. */
    event: (name: string, price: number, slots: number): Promise<number> =>
      createEvent(opened().client, opened().admin, { name, price, slots }),
  };
}

export type Staged = ReturnType<typeof withStage>;

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/**
 * Fails if axe-core (https://github.com/dequelabs/axe-core) finds a serious violation on a page. The check
 * waits for the heading, because an empty page has no violations.
 */
export async function requireAccessible(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations)`,
  )) as Violation[];
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const violations = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  assert.deepEqual(violations, [], page.url());
}

/** Books a place that costs money: presses the button of an event's page, and confirms. */
export async function bookFor(page: Page, label: string | RegExp = /^Book /): Promise<void> {
  // The button is busy until the page knows whether the person has a place.
  await page.getByRole('button', { name: label }).and(page.locator('[aria-busy="false"]')).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Book / })
    .click();
}

/** Lets the server carry out the next requests to these addresses, and breaks the connection before their answers. */
export async function loseAnswers(page: Page, addresses: string, times = 1, method?: string): Promise<void> {
  let left = times;
  await page.route(addresses, async (route) => {
    if (left === 0 || (method ?? route.request().method()) !== route.request().method()) return route.fallback();
    left -= 1;
    await route.fetch();
    await route.abort('connectionreset');
  });
}

/** Waits until a page has loaded its data. */
export async function readThrough(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  while ((await page.locator('.skeleton').count()) > 0) await page.waitForTimeout(20);
}

/** Fails if a page is wider than its window. */
export async function requireNothingCutOff(page: Page): Promise<void> {
  const { asked, given } = (await page.evaluate(
    '({ asked: document.documentElement.scrollWidth, given: document.documentElement.clientWidth })',
  )) as { asked: number; given: number };
  assert.ok(asked <= given, `${page.url()} is ${asked} px wide in a window of ${given} px`);
}
