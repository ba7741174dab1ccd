import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createLog } from '../../platform/telemetry/log.ts';
import { eachDatabase, type Open } from '../support/databases/databases.ts';
import { createEvent, createPeople, type Person, readBalance, signInAdmin, withSystem } from '../support/system.ts';

eachDatabase((_kind, open) => {
  const target = withTarget(open);
  claims(target);
  plantedLines(target);
  ambiguousRequests(target);
  nothingGained(target);
});

type Target = ReturnType<typeof withTarget>;

/** A Startlist with an event and a person who has money; and the log of that Startlist. */
function withTarget(open: Open) {
  let person: Person;
  let eventId: number;
  let log = '';
  const output = {
    write(line: string) {
      log += line;
    },
  };
  const system = withSystem(open, {
    log: createLog('trace', output),
    async prepare({ client }) {
      eventId = await createEvent(client, await signInAdmin(client), { price: 5, slots: 100 });
      [person] = (await createPeople(client, 1, 100)) as [Person];
    },
  });
  return {
    system,
    person: () => person,
    eventId: () => eventId,
    logged: () => log,
    /** Sends raw bytes. @returns everything received until the connection is closed. */
    async sendRaw(bytes: string): Promise<string> {
      const { hostname, port } = new URL(system.client.address);
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      socket.end(bytes);
      return text(socket);
    },
  };
}

/** Requests that claim another role, address or person. */
function claims({ system, person, eventId }: Target): void {
  test('a header that names a person is ignored', async () => {
    const names = ['x-user-id', 'x-user-role', 'x-user-login', 'x-forwarded-user', 'remote-user', 'x-auth-user'];
    for (const value of ['1', 'admin']) {
      const headers = Object.fromEntries(names.map((name) => [name, value]));
      assert.equal((await system.client.ask('GET', '/account/get', { headers })).status, 401);
      const { headers: answered } = await system.client.ask('GET', '/auth', { cookie: person().cookie, headers });
      assert.deepEqual([answered['x-user-id'], answered['x-user-role']], [String(person().id), 'person']);
      const body = { event_name: 'mine', price: 0, total_slots: 1 };
      const made = await system.client.ask('POST', '/events/create', { cookie: person().cookie, headers, body });
      assert.equal(made.status, 403);
    }
  });

  test('headers that name another address, scheme, host, path or method change nothing', async () => {
    const headers = {
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=127.0.0.1;host=evil.example;proto=https',
      'x-original-url': '/account/get',
      'x-rewrite-url': '/account/get',
      'x-http-method-override': 'PUT',
    };
    const { status, headers: answered, text: body } = await system.client.ask('GET', '/events/get', { headers });
    assert.equal(status, 200);
    assert.equal(answered['strict-transport-security'], undefined);
    assert.doesNotMatch(JSON.stringify(answered) + body, /evil/);
    const login = { login: 'user', password: 'userpassword' };
    const { headers: given } = await system.client.ask('POST', '/login', { body: login, headers });
    assert.doesNotMatch(String(given['set-cookie']), /Secure|Domain/i, 'a cookie that http cannot send');
  });

  test('no key reaches a prototype', async () => {
    const bodies = [
      '{"event_id":1,"__proto__":{"role":"admin"}}',
      '{"__proto__":{"event_id":1}}',
      String.raw`{"event_id":1,"\u005f\u005fproto\u005f\u005f":{"role":"admin"}}`,
      '{"event_id":1,"constructor":{"prototype":{"role":"admin"}}}',
      '{"event_id":{"__proto__":{"role":"admin"}}}',
    ];
    for (const body of bodies) {
      const { status } = await system.client.ask('POST', '/book/create', { cookie: person().cookie, body });
      assert.equal(status, 400, body);
    }
    for (const query of ['__proto__[role]=admin', '__proto__.role=admin', 'constructor.prototype.role=admin']) {
      const { status } = await system.client.ask('GET', `/events/get?${query}`);
      assert.equal(status, 400, query);
    }
    assert.equal(({} as { role?: string }).role, undefined);
  });

  test('unknown fields are refused: no request sets its own role, balance or person', async () => {
    const registration = { login: 'm', password: 'a long password', email: 'm@x.org', first_name: 'M', last_name: 'A' };
    for (const extra of [{ role: 'admin' }, { id: 1 }, { balance: 1_000 }]) {
      const body = { ...registration, ...extra };
      assert.equal((await system.client.ask('POST', '/register', { body })).status, 400, JSON.stringify(extra));
    }
    for (const extra of [{ user_id: 1 }, { expected_price: 0 }, { status: 4 }]) {
      const body = { event_id: eventId(), ...extra };
      const { status } = await system.client.ask('POST', '/book/create', { cookie: person().cookie, body });
      assert.equal(status, 400, JSON.stringify(extra));
    }
    assert.equal(await readBalance(system.client, person()), 100);
  });
}

function plantedLines({ system, person, logged, sendRaw }: Target): void {
  test('line breaks in an address, a query or a cookie never reach a response header', async () => {
    const breaks = ['%0d%0aSet-Cookie:%20session_id=planted', '%0aX-Planted:%201', '%E5%98%8A%E5%98%8DX-Planted:1'];
    for (const each of breaks) {
      for (const path of [
        `/events/get/${each}`,
        `/events/get?after=${each}`,
        `/${each}`,
        `/book/get?limit=1&${each}`,
      ]) {
        const { status, headers } = await system.client.ask('GET', path, { cookie: person().cookie });
        assert.ok(status >= 400 && status < 500, path);
        assert.equal(headers['x-planted'], undefined);
        assert.equal(headers['set-cookie'], undefined);
      }
    }
  });

  test('a name with line breaks or terminal codes is refused', async () => {
    for (const bad of ['a\r\nX-Planted: 1', 'a\u001b[2J', 'a\u0000b', 'a\u0085b']) {
      const person = { password: 'a long password', email: 'x@example.org', first_name: bad, last_name: 'Y' };
      const { status } = await system.client.ask('POST', '/register', { body: { ...person, login: 'planted' } });
      assert.equal(status, 400, JSON.stringify(bad));
    }
  });

  test('no request can plant a line in the log', async () => {
    const planted = '{"level":30,"msg":"planted"}';
    await system.client.ask('GET', `/events/get/${encodeURIComponent(`\n${planted}\n`)}`);
    await system.client.ask('POST', '/login', { body: { login: `x\n${planted}`, password: 'x' } });
    const headers = { 'user-agent': planted, 'x-request-id': planted };
    await system.client.ask('GET', '/nothing', { headers });
    await sendRaw(`GET /\n${planted}\n HTTP/1.1\r\nHost: x\r\n\r\n`);
    for (const line of logged().split('\n').filter(Boolean)) {
      const entry = JSON.parse(line) as { msg?: string };
      assert.notEqual(entry.msg, 'planted');
    }
    assert.ok(logged().length > 0);
  });
}

/** Requests that have more than one meaning or are too long. */
function ambiguousRequests({ person, sendRaw }: Target): void {
  test('requests that a proxy and a server could read differently are refused, and the connection is closed', async () => {
    const rest = `GET /account/get HTTP/1.1\r\nHost: x\r\nCookie: ${person().cookie}\r\n\r\n`;
    const smuggled = [
      `POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${rest}`,
      `POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: ${rest.length}\r\n\r\n${rest}`,
      `POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n${rest}`,
      `POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n${rest}`,
      `POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n${rest}`,
    ];
    for (const bytes of smuggled) {
      const answer = await sendRaw(bytes);
      assert.match(answer, /^HTTP\/1\.1 400 /, bytes);
      assert.doesNotMatch(answer, /balance/);
    }
  });

  test('headers that are too long are 431, a body that is too long is 413, and neither is read to its end', async () => {
    const long = await sendRaw(`GET /events/get HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    assert.match(long, /^HTTP\/1\.1 431 /);
    const head = `POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n`;
    assert.match(await sendRaw(`${head}{`), /^HTTP\/1\.1 413 /);
  });
}

/** Must run after all attacks, because it checks that they had no effect. */
function nothingGained({ system, person }: Target): void {
  test('the person, the balance and the bookings are unchanged after all attacks', async () => {
    assert.equal(await readBalance(system.client, person()), 100);
    assert.deepEqual((await system.client.ask('GET', '/book/get', { cookie: person().cookie })).json, []);
  });
}
