import { after, before } from 'node:test';
import { type Service, services } from '../../contracts/services.ts';
import { freePort, type PostgresServer, startPostgres } from './databases/postgres.ts';
import { Alone } from './services.ts';
import { type Answer, type Client, createEvent, deposit, expect, type Person, signInAdmin } from './system.ts';
import { until } from './until.ts';

/** How long book waits for a booking to settle before it answers 202. */
export const waitMs = 400;
/** The maximum number of open bookings. */
export const mostOpen = 20;

/** Four services, each in its own process, on a PostgreSQL server that can be stopped. Nothing restarts them. */
export class FourProcesses {
  readonly running = new Map<Service, Alone>();
  database!: PostgresServer;
  environment: Readonly<Record<string, string>> = {};
  clients!: Record<Service, Client>;
  admin!: Person;
  eventId = 0;

  /** Starts the server and the services, creates an event, and waits until a first booking settles in time. */
  async open(): Promise<void> {
    const [postgres, ...ports] = await Promise.all([startPostgres(), freePort(), freePort(), freePort()]);
    this.database = postgres;
    const at = (index: number) => `http://127.0.0.1:${ports[index]}`;
    this.environment = {
      DATABASE_URL: postgres.url,
      SERVICE_TOKEN: 'the token of this test',
      AUTH_URL: at(0),
      EVENTS_URL: at(1),
      ACCOUNT_URL: at(2),
      BOOK_WAIT_MS: String(waitMs),
      BOOK_MAX_OPEN: String(mostOpen),
    };
    await this.start(...services);
    this.admin = await signInAdmin(this.clients.auth);
    await deposit(this.clients.account, this.admin, 1_000_000);
    this.eventId = await createEvent(this.clients.events, this.admin, { price: 3, slots: 100_000 });
    // The first bookings open connections, plan statements and compile code, and may take longer than book waits.
    await until('a booking settles in time', async () => (await this.book()).status === 201);
  }

  async close(): Promise<void> {
    await this.end(...services);
    await this.database?.remove();
  }

  /** Starts services on the internal ports that the others know. */
  async start(...wanted: readonly Service[]): Promise<void> {
    for (const service of wanted) {
      const url = this.environment[`${service.toUpperCase()}_URL`];
      const place = url === undefined ? {} : { INTERNAL_PORT: new URL(url).port };
      this.running.set(service, new Alone(service, { ...this.environment, ...place }));
    }
    const open = [...this.running].map(async ([service, alone]) => [service, await alone.client] as const);
    this.clients = Object.fromEntries(await Promise.all(open)) as Record<Service, Client>;
  }

  /** Kills services and waits until their processes have ended. */
  async end(...wanted: readonly Service[]): Promise<void> {
    await Promise.all(wanted.map((service) => this.running.get(service)?.end('SIGKILL')));
    for (const service of wanted) this.running.delete(service);
  }

  book(headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = { event_id: this.eventId };
    return this.clients.book.ask('POST', '/book/create', { cookie: this.admin.cookie, body, headers });
  }

  async statusOf(id: number): Promise<number> {
    const { cookie } = this.admin;
    const asked = this.clients.book.ask('GET', `/book/get/${id}`, { cookie });
    return (await expect<{ status: number }>(200, asked)).status;
  }

  /** Waits until the bookings have the given status. */
  async untilStatus(ids: readonly number[], status: number): Promise<void> {
    for (const id of ids) {
      await until(`booking ${id} has the status ${status}`, async () => (await this.statusOf(id)) === status);
    }
  }
}

/** The fixture of a suite: starts four processes before its tests and ends them afterwards. */
export function withFourProcesses(): FourProcesses {
  const four = new FourProcesses();
  before(() => four.open());
  after(() => four.close());
  return four;
}
