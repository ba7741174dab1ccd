import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, type FreshDatabase, skipWithoutPostgres } from '../support/databases/databases.ts';
import { isLong } from '../support/long.ts';
import { medianRatio } from '../support/pairs.ts';
import { type Program, startProgram } from '../support/program.ts';
import { book, type Client, createEvent, createPeople, expect, type Person, signInAdmin } from '../support/system.ts';

/** A short run checks only what the pages show, because measuring the rate takes many rounds. */
const viewers = isLong ? 1_000 : 100;
const slots = 500;
const clients = 32;
/** The number of rounds with viewers. They alternate with as many rounds without, so that other work affects both. */
const rounds = isLong ? 11 : 2;

/** A page that watches an event at the lowest cost to this process: it keeps only the last number received. */
class Page {
  freeSlots: number | undefined;
  readonly #socket: Socket;
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#text = this.#text.slice(-500) + text;
      const at = this.#text.lastIndexOf('"free_slots":');
      if (at >= 0) this.freeSlots = Number.parseInt(this.#text.slice(at + 13, at + 23), 10);
    });
    socket.on('error', () => {});
  }

  static async open(address: URL, eventId: number): Promise<Page> {
    const socket = connect(Number(address.port), address.hostname);
    await once(socket, 'connect');
    socket.write(`GET /events/live?ids=${eventId} HTTP/1.1\r\nhost: ${address.host}\r\n\r\n`);
    return new Page(socket);
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe(`${viewers} pages watch an event while it sells ${slots} slots`, { skip: skipWithoutPostgres }, () => {
  let fresh: FreshDatabase;
  let program: Program;
  let client: Client;
  let admin: Person;
  let people: Person[];
  before(async () => {
    fresh = await createDatabase();
    // All pages connect from one address, so the limit for one address must be high.
    program = startProgram({ DATABASE_URL: fresh.url, MAX_CONNECTIONS_PER_ADDRESS: '5000' });
    client = await program.ready;
    admin = await signInAdmin(client);
    people = await createPeople(client, clients, 1_000_000);
  });
  after(async () => {
    await program.end('SIGTERM');
    await fresh.drop();
  });

  async function openPages(eventId: number): Promise<Page[]> {
    const pages: Page[] = [];
    const address = new URL(client.address);
    // A server's queue of new connections is short, so the pages connect in groups.
    while (pages.length < viewers) {
      pages.push(...(await Promise.all(Array.from({ length: 100 }, () => Page.open(address, eventId)))));
    }
    await untilAll(pages, slots);
    return pages;
  }

  async function untilAll(pages: readonly Page[], freeSlots: number): Promise<void> {
    const endMs = performance.now() + 60_000;
    while (pages.some((page) => page.freeSlots !== freeSlots) && performance.now() < endMs) await pause(10);
    const wrong = pages.filter((page) => page.freeSlots !== freeSlots);
    assert.equal(wrong.length, 0, `${wrong.length} pages show ${wrong[0]?.freeSlots}, not ${freeSlots}`);
  }

  /** Sells an event out. @returns the bookings per second. */
  async function sell(eventId: number): Promise<number> {
    let left = slots;
    const beganMs = performance.now();
    const one = async (person: Person) => {
      for (; left > 0; ) {
        left -= 1;
        const { status } = await expect<{ status: number }>(201, book(client, person, eventId));
        assert.equal(status, 4);
      }
    };
    await Promise.all(people.map(one));
    return (slots * 1_000) / (performance.now() - beganMs);
  }

  test('bookings go on at 0.8 or more of the rate without viewers, and every page ends with the right number', async (t) => {
    const rates = { watched: [] as number[], alone: [] as number[] };
    const event = () => createEvent(client, admin, { price: 1, slots });
    for (let warming = 0; warming < 4; warming += 1) await sell(await event());
    for (let round = 0; round < rounds; round += 1) {
      const watched = await event();
      const pages = await openPages(watched);
      rates.watched.push(await sell(watched));
      await untilAll(pages, 0);
      for (const page of pages) page.close();
      await pause(300);
      rates.alone.push(await sell(await event()));
    }
    const share = medianRatio(rates.watched.map((rate, round) => [rate, rates.alone[round] ?? 0]));
    const words = (values: number[]) => values.map((value) => value.toFixed(0)).join(' ');
    t.diagnostic(`bookings a second with ${viewers} pages: ${words(rates.watched)}`);
    t.diagnostic(`bookings a second without pages: ${words(rates.alone)}`);
    const inWords = `${share.median.toFixed(2)}, between ${share.low.toFixed(2)} and ${share.high.toFixed(2)}`;
    t.diagnostic(`share of the rate without pages: ${inWords}`);
    if (isLong) assert.ok(share.median >= 0.8, inWords);
  });
});
