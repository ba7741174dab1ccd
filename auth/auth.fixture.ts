import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { pino } from 'pino';
import type { Person } from '../contracts/auth/calls.ts';
import type { Database } from '../platform/database/database.ts';
import { createServer, type Server } from '../platform/http/server.ts';
import { createSessions } from '../platform/http/sessions.ts';
import { realWorld } from '../platform/world.ts';
import type { Open } from '../test/support/databases/databases.ts';
import { type AuthOptions, type AuthService, createAuth } from './service.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Headers of a request with a session cookie or an API token. */
export type AuthHeaders = { readonly cookie: string } | { readonly authorization: string } | Record<string, never>;

/**
 * The auth service without the other services, with the people of the demo and a clock that tests can advance. Its
 * properties can be read in hooks and tests only.
 */
export class TestAuth {
  service!: AuthService;
  server!: Server;
  database!: Database;
  readonly logged: string[] = [];
  #shiftMs = 0;

  async start(database: Database, options: Partial<AuthOptions>): Promise<void> {
    const log = pino({ level: 'trace' }, { write: (line: string) => void this.logged.push(line) });
    const real = realWorld();
    const world = { ...real, now: () => real.now() + this.#shiftMs };
    this.database = database;
    this.service = await createAuth({ database, world, log, demo: true, ...options });
    this.server = createServer(log);
    this.service.routes(this.server, createSessions<Person>(world, this.service.auth.resolve));
  }

  /**
   * Advances the clock. Sessions are cached for one second, so after `pass(1_000)` no cached session is used any more.
   */
  pass(ms: number): void {
    this.#shiftMs += ms;
  }

  async ask(method: Method, url: string, by: AuthHeaders = {}, body?: unknown) {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    return this.server.inject({ method, url, headers: by, ...payload });
  }

  /** Sends a request and checks the status of the response. @returns the body. */
  async expect<Body>(status: number, ...asked: Parameters<TestAuth['ask']>): Promise<Body> {
    const answer = await this.ask(...asked);
    assert.equal(answer.statusCode, status, `${asked[0]} ${asked[1]}: ${answer.body}`);
    return answer.json();
  }

  async signIn(login: string, password: string) {
    const answer = await this.ask('POST', '/login', {}, { login, password });
    assert.equal(answer.statusCode, 200, answer.body);
    return { cookie: `session_id=${answer.cookies[0]?.value}` };
  }

  /** Registers a person and signs them in. */
  async newcomer(login: string, password = `the password of ${login}`) {
    const body = { login, password, email: `${login}@example.org`, first_name: login, last_name: 'Runner' };
    const { id } = await this.expect<{ id: number }>(201, 'POST', '/register', {}, body);
    return { id, login, password, by: await this.signIn(login, password) };
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** The fixture of a suite: starts auth on a fresh database before its tests, and closes it after them. */
export function withAuth(open: Open, options: Partial<AuthOptions> = {}): TestAuth {
  const auth = new TestAuth();
  before(async () => auth.start(await open(), options));
  after(() => auth.close());
  return auth;
}
