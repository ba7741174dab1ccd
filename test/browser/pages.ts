import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { buildPages } from '../../web/build.ts';
import type { Kind } from '../support/databases/databases.ts';
import { createPlace, type Place, type Program, startProgram } from '../support/program.ts';
import { type Client, type Person, signInAdmin } from '../support/system.ts';
import { startBrowser } from './browser.ts';

/** As text: a page's policy lets no script in but its own, and what a debugger evaluates passes it by. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

export const phone = { width: 390, height: 780 };
export const wide = { width: 1_200, height: 800 };

/** A Startlist in a process of its own, with its pages, and a browser in which many people look at them. */
export class Stage {
  readonly browser: Browser;
  readonly place: Place;
  program: Program;
  client: Client;
  admin: Person;
  /** What went wrong in any page that was looked at, beside what a test expects. */
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

  /** @param environment what the program is told besides where its data is. */
  static async open(environment: Readonly<Record<string, string>> = {}, kind: Kind = 'PGlite'): Promise<Stage> {
    const [place, browser] = await Promise.all([createPlace(kind), startBrowser(), buildPages()]);
    const program = startProgram({ ...place.environment, ...environment });
    const client = await program.ready;
    return new Stage(browser, place, program, client, await signInAdmin(client));
  }

  /** Ends the program at once, and starts it again at its port. */
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

  /** Somebody with a browser of their own: nobody, unless a cookie says who. */
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
    page.setDefaultTimeout(15_000);
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
      // What the network answers is told by the pages themselves; whatever the policy refuses is an error of ours.
      if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text())) {
        this.complaints.push(message.text());
      }
    });
  }
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/**
 * Fails when axe-core (https://github.com/dequelabs/axe-core) finds something serious on a page as it stands. Every page
 * has a heading: before it is there, nothing is, and nothing would be found.
 */
export async function requireAccessible(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations)`,
  )) as Violation[];
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  assert.deepEqual(told, [], page.url());
}

/** Waits until all that a page reads has come. */
export async function readThrough(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  while ((await page.locator('.skeleton').count()) > 0) await page.waitForTimeout(20);
}

/** Fails when a page is wider than its window. */
export async function requireNothingCutOff(page: Page): Promise<void> {
  const { asked, given } = (await page.evaluate(
    '({ asked: document.documentElement.scrollWidth, given: document.documentElement.clientWidth })',
  )) as { asked: number; given: number };
  assert.ok(asked <= given, `${page.url()} is ${asked} px wide in a window of ${given} px`);
}
