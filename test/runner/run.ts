/**
 * What `npm test` runs: `node --test` on all tests, or on the files and with the options given, beside one PostgreSQL
 * server that all of them share. `npm test -- platform/batch.test.ts --test-name-pattern="by themselves"` runs a part.
 * `npm run prove` runs the long proofs instead, `*.prove.ts`, one after the other: they measure, and want the machine.
 *
 * TEST_DATABASE_URL names a server to use instead; its user must be allowed to create databases.
 * TEST_POSTGRES names the only programs to start one with: `system`, `embedded`, or `none`.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { emptyPglite } from '../support/databases/pglite.ts';
import { type PostgresServer, startPostgres } from '../support/databases/postgres.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is run: which files, how many at a time, and the longest that one test may take, in ms. */
interface Suite {
  readonly files: string;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

/** Each file keeps a core busy for much of its time, and waits for the rest. No test needs nearly as long as it may. */
const tests: Suite = { files: '**/*.test.ts', concurrency: 3, timeoutMs: 120_000 };
const proofs: Suite = { files: '**/*.prove.ts', concurrency: 1, timeoutMs: 900_000 };

/** Finds or starts the server. @returns what the tests' environment says of it, and the server if it is ours. */
async function providePostgres(): Promise<{ environment: NodeJS.ProcessEnv; server?: PostgresServer }> {
  if (process.env.TEST_DATABASE_URL) {
    console.error('PostgreSQL: the server that TEST_DATABASE_URL names');
    return { environment: {} };
  }
  try {
    const server = await startPostgres();
    console.error(`PostgreSQL: ${server.binaries.title}`);
    return { environment: { TEST_DATABASE_URL: server.url }, server };
  } catch (error) {
    const reason = (error as Error).message;
    console.error(`PostgreSQL: skipped, because ${reason}`);
    return { environment: { TEST_DATABASE_MISSING: reason } };
  }
}

/** Runs node:test to its end. @returns its exit code; a signal to this process ends it early. */
function runTests(suite: Suite, given: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const files = given.filter((argument) => !argument.startsWith('-'));
  const options = given.filter((argument) => argument.startsWith('-'));
  const args = [
    '--test',
    `--test-reporter=${new URL('reporter.ts', import.meta.url)}`,
    `--test-concurrency=${suite.concurrency}`,
    `--test-timeout=${suite.timeoutMs}`,
    `--import=${new URL('limits.ts', import.meta.url)}`,
    ...options,
    ...(files.length > 0 ? files : [suite.files]),
  ];
  const runner = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment, TEST_TIMEOUT_MS: String(suite.timeoutMs) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => runner.kill(signal));
  return new Promise((resolve, reject) => {
    runner.on('error', reject);
    runner.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal as NodeJS.Signals]));
  });
}

const [{ environment, server }] = await Promise.all([providePostgres(), emptyPglite()]);
try {
  const given = process.argv.slice(2);
  const suite = given.includes('--prove') ? proofs : tests;
  process.exitCode = await runTests(
    suite,
    given.filter((argument) => argument !== '--prove'),
    environment,
  );
} finally {
  await server?.remove();
}
