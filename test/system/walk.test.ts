import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { play } from '../../programs/walk/play.ts';
import { story } from '../../programs/walk/story.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { withSystem } from '../support/system.ts';

const program = fileURLToPath(new URL('../../programs/walk/main.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs `programs/walk/main.ts` as `npm run walk` does, with an environment that names a database it must not touch. */
async function walk(...args: string[]): Promise<Ended> {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const env = { ...inherited, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATA_DIR: '/nowhere' };
  const walking = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  walking.stdout.on('data', (chunk) => {
    output += chunk;
  });
  walking.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    walking.on('error', reject);
    walking.on('close', resolve);
  });
  return { code, output, errors };
}

/** Starts a proxy that forwards all requests to a server, and rewrites the answers with `change`. */
async function startProxy(address: string, change: (path: string, body: string) => string) {
  const proxy = createServer((asked, answer) => {
    const passed = request(address + asked.url, { method: asked.method, headers: asked.headers }, async (response) => {
      const body = change(asked.url ?? '', (await response.toArray()).join(''));
      const { 'content-length': _, ...headers } = response.headers;
      answer.writeHead(response.statusCode ?? 500, headers).end(body);
    });
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => proxy.close(resolve)),
  };
}

test('without an address the walk starts a new Startlist, and every answer matches the description', async () => {
  const { code, output, errors } = await walk();
  assert.equal(code, 0, output + errors);
  assert.match(
    output,
    /^The first session of Startlist, replayed against a new one at http:\/\/127.0.0.1:\d+, on an empty/,
  );
  assert.match(output, /creates "green run" first/);
  assert.match(output, /✓ All 8 answers .* byte for byte/);
  assert.equal(errors, '');
  // Output that does not go to a terminal has no colors.
  assert.ok(!output.includes('\u001b'));
});

test('the answers of the story are those of the description', () => {
  const answers = story().flatMap(({ steps }) => steps.flatMap(({ answer }) => answer ?? []));
  const green = (id: number) => `{"id":${id},"user_id":1,"event_id":1,"price":5,"status":4}`;
  const red = (id: number, status: number) => `{"id":${id},"user_id":1,"event_id":2,"price":40,"status":${status}}`;
  const four = `${green(1)},${green(2)},${green(3)},{"id":4,"user_id":1,"event_id":1,"status":-1}`;
  assert.deepEqual(answers, [
    '{"balance":100}',
    '[{"id":1,"event_name":"green run","price":5,"total_slots":3},{"id":2,"event_name":"red run","price":40,"total_slots":5}]',
    `[${green(1)}]`,
    `[${four}]`,
    `[${four},${red(5, 4)}]`,
    `[${four},${red(5, 4)},${red(6, 4)},${red(7, -1)}]`,
    '{"balance":5}',
  ]);
});

test('an invalid address or an extra argument is wrong usage: one line and exit code 2', async () => {
  for (const args of [['localhost:8080'], ['ftp://127.0.0.1'], ['http://127.0.0.1:1', 'http://127.0.0.1:2']]) {
    const { code, output, errors } = await walk(...args);
    assert.deepEqual([code, output], [2, '']);
    assert.match(errors, /^npm run walk: .+\n$/);
  }
});

test('an address without a server is one line and exit code 1', async () => {
  const { code, output, errors } = await walk('http://127.0.0.1:1/');
  assert.deepEqual([code, output], [1, '']);
  assert.equal(errors, 'npm run walk: http://127.0.0.1:1 does not answer: connection refused\n');
});

test('a server that is not Startlist is one line and exit code 1', async () => {
  const server = createServer((_, answer) => void answer.end('Hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { code, output, errors } = await walk(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.close();
  assert.deepEqual([code, output], [1, '']);
  assert.match(errors, /^npm run walk: .* does not answer like a Startlist: POST \/login gave 200\n$/);
});

test('--help prints the usage', async () => {
  const { code, output } = await walk('--help');
  assert.equal(code, 0);
  assert.match(output, /npm run walk -- http/);
});

eachDatabase((_kind, open) => {
  const system = withSystem(open);

  test('on an empty database every answer is the description’s, byte for byte', async () => {
    let output = '';
    const wrong = await play(system.client.address, true, (text) => {
      output += text;
    });
    assert.equal(wrong, 0, output);
  });

  test('a database with data changes ids and balances, and nothing else', async () => {
    for (const held of [5, 10]) {
      const { code, output, errors } = await walk(system.client.address);
      assert.equal(code, 0, output + errors);
      assert.match(output, new RegExp(`balance of ${held} before the session`));
      assert.match(output, /✓ All 8 answers .* with the ids and balances of this database/);
    }
  });

  test('money for a more expensive event, and a thousand earlier bookings, do not break the walk', async () => {
    await system.database.query('update account.account set balance = balance + 1000, deposited = deposited + 1000');
    await system.database.query(`
      insert into book.booking (person_id, event_id, status, reason, occupying_at)
      select 1, 1, -1, 'no_slots', '2026-01-01' from generate_series(1, 1100)`);
    const { code, output, errors } = await walk(system.client.address);
    assert.equal(code, 0, output + errors);
    assert.match(output, /a more expensive event/);
  });

  // The balance is read once before the session, and then in pairs: first by curl, then by the typed client.
  for (const [what, time, words] of [
    ['one byte that differs', 4, /✗ differs at byte 15/],
    ['one that the typed client reads differently', 5, /✗ the typed client reads a different answer/],
  ] as const) {
    test(`${what} is found and printed, and the exit code is 1`, async () => {
      // Only the last digit of the balance is changed, so that the answer keeps its length.
      let asked = 0;
      const proxy = await startProxy(system.client.address, (path, body) => {
        if (path !== '/account/get') return body;
        asked += 1;
        return asked === time ? body.replace(/\d\}$/, (last) => (last === '9}' ? '8}' : '9}')) : body;
      });
      const { code, output } = await walk(proxy.address);
      await proxy.close();
      assert.equal(code, 1, output);
      assert.match(output, words);
      assert.match(output, /✗ 1 of these answers did not match/);
    });
  }
});
