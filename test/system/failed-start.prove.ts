import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startPrograms } from '../support/program.ts';

const start = startPrograms();

describe('a start that fails ends with one line that gives the reason, and exit code 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-start-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  // Not in a hook: the hooks of this suite do not run if only tests of other suites are selected by name.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

  async function assertEnds(environment: Readonly<Record<string, string>>, why: RegExp): Promise<void> {
    const { ended, written } = start({ DATA_DIR: join(folder, 'data'), ...environment });
    assert.equal(await ended, 1);
    assert.match(written.stderr, /^Startlist can't start: .+\n$/);
    assert.match(written.stderr, why);
    assert.equal(written.stdout, '');
    assert.ok(!existsSync(join(folder, 'data', 'pglite')), 'a database was created');
  }

  const wrong: readonly (readonly [environment: Readonly<Record<string, string>>, why: RegExp])[] = [
    [{ PORT: 'abc' }, /PORT: must be a whole number from 0 to 65535, not "abc"/],
    [{ PORT: '65536', DEMO: 'yes' }, /PORT: must be .*; DEMO: must be true or false/],
    [{ DATABASE_URL: 'mysql://me:secret@localhost/x' }, /DATABASE_URL: must look like postgres:(?!.*secret)/],
    [{ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' }, /127\.0\.0\.1:1(?!.*secret)/],
    [{ DATA_DIR: file }, /DATA_DIR: the folder \S+file can't be used: \S+file is a file \(set it to/],
    [{ DATA_DIR: '/proc/x/y' }, /DATA_DIR: the folder \/proc\/x\/y can't be used: .+ \(set it to/],
    [{ HOST: 'no.such.host.invalid' }, /HOST: "no\.such\.host\.invalid" is no address of this machine \(set it to/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL: must be trace, debug, .+ or silent, not "loud"/],
    [
      { NODE_ENV: 'production' },
      /ADMIN_PASSWORD: is required when DEMO is not true and admin has no password yet, or the demo’s/,
    ],
    [{ NODE_ENV: 'production', ADMIN_PASSWORD: 'password' }, /ADMIN_PASSWORD: must not be one of the demo’s passwords/],
    [{ NODE_ENV: 'production', ADMIN_PASSWORD: 'short' }, /ADMIN_PASSWORD: must have 8 to 200 characters(?!.*"short)/],
    [{ NODE_ENV: 'production', ADMIN_PASSWORD: 'Password123' }, /ADMIN_PASSWORD: .*be less common(?!.*Password123)/],
  ];
  for (const [environment, why] of wrong) {
    const given = Object.entries(environment).map(([name, value]) => `${name}=${value.replace(folder, '…')}`);
    test(given.join(' '), () => assertEnds(environment, why));
  }

  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await assertEnds({ PORT: `${port}` }, new RegExp(`port ${port} is taken`));
    other.close();
  });

  test('a folder that another process has open', async () => {
    const DATA_DIR = join(folder, 'open');
    const first = start({ DATA_DIR });
    await first.ready;
    await assertEnds({ DATA_DIR }, /DATA_DIR: the folder \S+open is in use by another Startlist \(set it to/);
    assert.equal(await first.end('SIGTERM'), 0);
  });
});
