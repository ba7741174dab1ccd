import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eachDatabase } from '../../support/databases/databases.ts';
import { book, createEvent, expect, signInAdmin, withSystem } from '../../support/system.ts';

describe('npm run reconcile', () => {
  const program = fileURLToPath(new URL('../../../programs/reconcile/main.ts', import.meta.url));
  async function run(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
    const { FORCE_COLOR: _, ADMIN_PASSWORD: __, ...env } = process.env;
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, output, errors };
  }

  eachDatabase((_kind, open) => {
    const system = withSystem(open, {
      prepare: async ({ client }) => {
        const admin = await signInAdmin(client);
        await createEvent(client, admin, { price: 0, slots: 10 });
        await expect(201, book(client, admin, 1));
      },
    });

    test('with nothing wrong it prints the counts and exits with 0', async () => {
      const { code, output, errors } = await run(system.client.address);
      assert.equal(code, 0, output + errors);
      assert.match(output, /^http\S+: all records agree \(\d+\.\d s\)\n\n +bookings +slots /);
      assert.ok(!output.includes('\u001b'), 'output that does not go to a terminal has colors');
      assert.equal(errors, '');
    });

    test('a finding is printed and the exit code is 1; after a repair it is 0 and the repairs are listed', async () => {
      await system.database.query('delete from account.payment');
      const named = await run(system.client.address, '--password', 'password');
      assert.equal(named.code, 1, named.output + named.errors);
      assert.match(named.output, /: 1 found /);
      assert.match(named.output, /\n {2}payment_missing {3}booking 1 {3}complete without a payment\n/);
      const mended = await run('--mend', system.client.address);
      assert.equal(mended.code, 0, mended.output + mended.errors);
      assert.match(
        mended.output,
        /^Repaired:\n {2}1 complete bookings without a slot or payment: requesting both again\n\n/,
      );
      const again = await run('--mend', system.client.address);
      assert.match(again.output, /^Nothing to repair\.\n/);
      assert.equal(again.code, 0);
    });

    test('with a wrong password there is no report: one line, and exit code 2', async () => {
      const { code, output, errors } = await run(system.client.address, '--password', 'wrong');
      assert.deepEqual({ code, output }, { code: 2, output: '' });
      assert.match(errors, /^npm run reconcile: http\S+ refused the password of admin\n$/);
    });
  });

  test('with an unreachable server or wrong arguments it prints one line and exits with 2', async () => {
    const wrong: [args: string[], message: RegExp][] = [
      [['http://127.0.0.1:1'], /cannot be used: fetch blocks this port/],
      [[], /the address is missing/],
      [['nowhere'], /one http address/],
      [['http://127.0.0.1:1', 'http://127.0.0.1:1'], /one http address/],
      [['http://127.0.0.1:1', '--repair'], /--repair/],
    ];
    for (const [args, message] of wrong) {
      const { code, output, errors } = await run(...args);
      assert.deepEqual({ code, output }, { code: 2, output: '' }, args.join(' '));
      assert.match(errors, message);
      assert.match(errors, /^npm run reconcile: [^\n]+\n$/);
    }
    const { npm_config_mend: before } = process.env;
    process.env.npm_config_mend = 'true';
    const { code, errors } = await run('http://127.0.0.1:1');
    if (before === undefined) delete process.env.npm_config_mend;
    else process.env.npm_config_mend = before;
    assert.equal(code, 2);
    assert.match(errors, /^npm run reconcile: npm consumed --mend: put -- before it [^\n]+\n$/);
    const help = await run('--help');
    assert.equal(help.code, 0);
    assert.match(help.output, /--mend/);
  });
});
