import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before } from 'node:test';
import * as argon2 from '@node-rs/argon2';
import type { Hashing } from '../../auth/credentials.ts';
import type { BookingAnswer } from '../../contracts/book/schemas.ts';
import type { Database } from '../../platform/database/database.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { createStartlist, type Startlist, type StartlistOptions } from '../../programs/start/one-process.ts';
import { noteKeysIn, notePasswordsIn } from './secrets.ts';

/** The response to a call. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, parsed as JSON. */
  readonly json: unknown;
}

/** The optional parts of a call: everything except its method and path. */
export interface Call {
  /** The body of the request. A string or a buffer is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
  /** The session cookie, as in `Person`. */
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP client that keeps its connections open. It opens as many as there are concurrent calls. */
export class Client {
  readonly address: string;
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: Number.POSITIVE_INFINITY });

  constructor(address: string) {
    this.address = address;
  }

  /** Sends a request. Rejects if the connection breaks before the response is complete. */
  async ask(method: string, path: string, { body, cookie, headers = {} }: Call = {}): Promise<Answer> {
    const payload =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const asked = request(new URL(this.address), {
      agent: this.#agent,
      method,
      path,
      headers: {
        ...(payload !== undefined && { 'content-length': Buffer.byteLength(payload) }),
        ...(cookie !== undefined && { cookie }),
        ...headers,
      },
    });
    asked.end(payload);
    const [response] = await once(asked, 'response');
    const answer = await text(response);
    notePasswordsIn(body);
    noteKeysIn(...(response.headers['set-cookie'] ?? []), ...(path.startsWith('/auth/') ? [answer] : []));
    return {
      status: response.statusCode,
      headers: response.headers,
      text: answer,
      get json() {
        return JSON.parse(answer);
      },
    };
  }

  /** Opens this many connections in waves: those that do not fit in the server's queue take a second longer. */
  async connect(connections: number): Promise<void> {
    // A call opens a connection only if all others are in use, so each wave repeats the calls of the earlier ones.
    for (let open = 0; open < connections; ) {
      open = Math.min(connections, open + 250);
      await Promise.all(Array.from({ length: open }, () => this.ask('GET', '/health')));
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A Startlist that runs in the test's process. */
export interface System {
  readonly client: Client;
  readonly startlist: Startlist;
  readonly database: Database;
  stop(): Promise<void>;
}

/** argon2 at its lowest cost: it takes 0.1 ms for a password instead of 11 ms. */
const cheapHashing: Hashing = {
  hash: (password) => argon2.hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 }),
  verify: argon2.verify,
};

/** Starts a Startlist with the demo's people on a database. Stopping it leaves the database open. */
export async function startSystem(database: Database, options: Partial<StartlistOptions> = {}): Promise<System> {
  const startlist: Startlist = await createStartlist({
    databases: { auth: database, events: database, account: database, book: database },
    world: realWorld(),
    log: createLog('silent'),
    demo: true,
    bookWaitMs: 60_000,
    hashing: cheapHashing,
    ...options,
  });
  await startlist.server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = startlist.server.server.address() as AddressInfo;
  const client = new Client(`http://127.0.0.1:${port}`);
  return {
    client,
    startlist,
    database,
    async stop() {
      client.close();
      await startlist.stop();
    },
  };
}

/** The options of `withSystem`. */
export interface SystemOptions extends Omit<Partial<StartlistOptions>, 'databases'> {
  /** Returns the database of each service, given the one that was opened. By default all services use that one. */
  readonly databases?: (opened: Database) => StartlistOptions['databases'];
  /** Prepares what all tests of the suite need. Runs after the start. */
  readonly prepare?: (system: System) => Promise<void>;
}

/**
 * The fixture of a suite: starts a system before its tests and stops it afterwards. `eachDatabase` closes the database.
 * @returns the system; its properties can be read in hooks and tests only.
 */
export function withSystem(
  open: () => Promise<Database>,
  { databases, prepare, ...options }: SystemOptions = {},
): System {
  let system: System | undefined;
  before(async () => {
    const opened = await open();
    system = await startSystem(opened, { ...options, ...(databases && { databases: databases(opened) }) });
    await prepare?.(system);
  });
  after(() => system?.stop());
  const started = (): System => {
    if (system === undefined) throw new Error('the system starts in a hook, before the tests');
    return system;
  };
  return {
    get client() {
      return started().client;
    },
    get startlist() {
      return started().startlist;
    },
    get database() {
      return started().database;
    },
    stop: () => started().stop(),
  };
}

/** A person who is signed in. */
export interface Person {
  readonly id: number;
  readonly login: string;
  /** The value of the `cookie` header. */
  readonly cookie: string;
}

/** Returns the body of an answer. @throws if the answer does not have this status. */
export async function expect<Body>(status: number, answering: Promise<Answer>): Promise<Body> {
  const answer = await answering;
  if (answer.status !== status) throw new Error(`expected ${status}, not ${answer.status}: ${answer.text}`);
  return answer.json as Body;
}

export async function signIn(client: Client, login: string, password: string): Promise<Person> {
  const answer = await client.ask('POST', '/login', { body: { login, password } });
  const [cookie] = (answer.headers['set-cookie']?.[0] ?? '').split(';');
  if (answer.status !== 200 || cookie === undefined) throw new Error(`${login} can't sign in: ${answer.text}`);
  const { headers } = await client.ask('GET', '/auth', { cookie });
  return { id: Number(headers['x-user-id']), login, cookie };
}

export const signInAdmin = (client: Client) => signIn(client, 'admin', 'password');

/** Registers this many people, signs them in, and deposits the money for each. Their logins begin with `name`. */
export async function createPeople(client: Client, count: number, money: number, name = 'person'): Promise<Person[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const [login, password] = [`${name}-${index}`, `password ${index}`];
      const body = { login, password, email: `${login}@example.org`, first_name: 'Person', last_name: `${index}` };
      await expect(201, client.ask('POST', '/register', { body }));
      const person = await signIn(client, login, password);
      if (money > 0) await deposit(client, person, money);
      return person;
    }),
  );
}

export async function deposit(client: Client, { cookie }: Person, delta: number): Promise<number> {
  const body = { delta };
  return (await expect<{ balance: number }>(200, client.ask('PUT', '/account/deposit', { cookie, body }))).balance;
}

export async function readBalance(client: Client, { cookie }: Person): Promise<number> {
  return (await expect<{ balance: number }>(200, client.ask('GET', '/account/get', { cookie }))).balance;
}

/** Creates an event. @returns its id. */
export async function createEvent(
  client: Client,
  admin: Person,
  { name = 'run', price, slots }: { name?: string; price: number; slots: number },
): Promise<number> {
  const call = { cookie: admin.cookie, body: { event_name: name, price, total_slots: slots } };
  return (await expect<{ id: number }>(201, client.ask('POST', '/events/create', call))).id;
}

/** Creates a booking. @returns the answer, with any status. */
export function book(client: Client, { cookie }: Person, eventId: number, headers = {}): Promise<Answer> {
  return client.ask('POST', '/book/create', { cookie, body: { event_id: eventId }, headers });
}

/** The booking in the body of an answer. */
export function bookingIn({ json }: Answer): BookingAnswer {
  return json as BookingAnswer;
}

/** The outcome of a booking as text: its status, followed by its reason if it has one. */
export const outcome = (booking: { status: number; reason?: string }) =>
  `${booking.status} ${booking.reason ?? ''}`.trim();

/** Counts the items of each kind. */
export function tally<Item>(items: readonly Item[], kind: (item: Item) => string | number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[kind(item)] = (counts[kind(item)] ?? 0) + 1;
  return counts;
}
