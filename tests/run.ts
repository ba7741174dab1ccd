/**
 * What `npm test` runs: `node --test` on all tests, or on the files and with the options given, beside one PostgreSQL
 * server that all of them share. `npm test -- kit/batch.test.ts --test-name-pattern="by themselves"` runs a part.
 *
 * TEST_DATABASE_URL names a server to use instead; its user must be allowed to create databases.
 * TEST_POSTGRES names the only programs to start one with: `system`, `embedded`, or `none`.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { emptyPglite } from './pglite.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Test files at a time: each keeps a core busy for much of its time, and waits for the rest. */
const concurrency = 3;
/** The longest that one test may take, in ms. Far more than any needs, so that only one that hangs is stopped. */
const timeoutMs = 120_000;

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
function runTests(given: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const files = given.filter((argument) => !argument.startsWith('-'));
  const options = given.filter((argument) => argument.startsWith('-'));
  const args = [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${timeoutMs}`,
    `--import=${new URL('limits.ts', import.meta.url)}`,
    ...options,
    ...(files.length > 0 ? files : ['**/*.test.ts']),
  ];
  const tests = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => tests.kill(signal));
  return new Promise((resolve, reject) => {
    tests.on('error', reject);
    tests.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal as NodeJS.Signals]));
  });
}

const [{ environment, server }] = await Promise.all([providePostgres(), emptyPglite()]);
try {
  process.exitCode = await runTests(process.argv.slice(2), environment);
} finally {
  await server?.remove();
}
