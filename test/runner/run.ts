/**
 * The program of `npm test` and `npm run prove`. It runs `node --test` with one PostgreSQL server that all files share.
 * Files and options of node:test can be given: `npm test -- platform/batch.test.ts --test-name-pattern="concurrent"`.
 *
 * `npm test` runs *.test.ts. `npm run prove` runs
 * - the proofs, *.prove.ts;
 * - the suites of *.test.ts that `npm test` runs on PostgreSQL, on PGlite;
 * - the measurements, *.measure.prove.ts, one at a time, while nothing else runs.
 * With `--long` the proofs have the sizes of the figures in docs/, and take an hour.
 *
 * TEST_DATABASE_URL names a server to use instead of starting one; its user must be allowed to create databases.
 * TEST_POSTGRES names the only PostgreSQL programs that may be started: `system`, `embedded`, or `none`.
 * TEST_DATABASES names the databases on which the suites of services run: `PostgreSQL`, `PGlite` or `both`.
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migratedPglite } from '../support/databases/pglite.ts';
import { startPostgres } from '../support/databases/postgres.ts';
import { createTemplate, dropDatabase } from '../support/databases/template.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files that run together, with the number of files at a time and the time limit of one test. */
interface Suite {
  readonly files: readonly string[];
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly environment?: NodeJS.ProcessEnv;
}

const isMeasurement = (file: string) => file.endsWith('.measure.prove.ts');
/** Whether a file has suites of `eachDatabase`, which `npm test` runs only on PostgreSQL. */
const isOnEachDatabase = (file: string) => readFileSync(join(root, file), 'utf8').includes('eachDatabase(');

function find(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: (path) => path === 'node_modules' }).sort();
}

/** Runs four files at a time: each file keeps a core busy for much of its time, and waits in the rest of it. */
function tests(files: readonly string[]): Suite[] {
  return [{ files: files.length > 0 ? files : find('**/*.test.ts'), concurrency: 4, timeoutMs: 300_000 }];
}

function proofs(given: readonly string[]): Suite[] {
  const files = given.length > 0 ? given : find('**/*.prove.ts');
  const together = { concurrency: 2, timeoutMs: 1_800_000 };
  const onPglite = given.length > 0 ? [] : find('**/*.test.ts').filter(isOnEachDatabase);
  return [
    { ...together, files: files.filter((file) => !isMeasurement(file)), environment: { TEST_DATABASES: 'both' } },
    { ...together, files: onPglite, environment: { TEST_DATABASES: 'PGlite' } },
    { ...together, files: files.filter(isMeasurement), concurrency: 1 },
  ].filter((suite) => suite.files.length > 0);
}

/** The databases of a run, as environment variables of its tests. */
interface Databases {
  readonly environment: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** Uses the server that TEST_DATABASE_URL names, or otherwise starts one. */
async function provideServer(): Promise<{ url: string; remove(): Promise<void> } | { missing: string }> {
  const url = process.env.TEST_DATABASE_URL;
  if (url) {
    console.error('PostgreSQL: the server that TEST_DATABASE_URL names');
    return { url, remove: async () => {} };
  }
  try {
    const server = await startPostgres();
    console.error(`PostgreSQL: ${server.binaries.title}`);
    return server;
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

async function provideDatabases(): Promise<Databases> {
  const [server] = await Promise.all([provideServer(), migratedPglite()]);
  if ('missing' in server) {
    console.error(`PostgreSQL: skipped, because ${server.missing}`);
    return { environment: { TEST_DATABASE_MISSING: server.missing }, remove: async () => {} };
  }
  const template = await createTemplate(server.url);
  return {
    environment: { TEST_DATABASE_URL: server.url, TEST_DATABASE_TEMPLATE: template },
    async remove() {
      await dropDatabase(server.url, template);
      await server.remove();
    },
  };
}

/**
 * Creates a compile cache for the processes of this run: a test process starts with 0.55 s of processor time instead of
 * 0.83 s. The cache is in memory where possible, because each process writes hundreds of files at its end, which took
 * 10 s on a slow disk. A run that measures coverage has no cache, which would make the coverage less exact.
 */
function compileCache(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'startlist-compiled-'));
}

/** Runs a suite with node:test, which a signal to this process ends early. @returns the exit code. */
function run(suite: Suite, options: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const args = [
    '--test',
    `--test-reporter=${new URL('reporter.ts', import.meta.url)}`,
    `--test-concurrency=${suite.concurrency}`,
    `--test-timeout=${suite.timeoutMs}`,
    `--import=${new URL('limits.ts', import.meta.url)}`,
    ...options,
    ...suite.files,
  ];
  const runner = spawn(process.execPath, args, {
    cwd: root,
    env: { ...suite.environment, ...process.env, ...environment, TEST_TIMEOUT_MS: String(suite.timeoutMs) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => runner.kill(signal));
  return new Promise((resolve, reject) => {
    runner.on('error', reject);
    runner.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal as NodeJS.Signals]));
  });
}

const given = process.argv.slice(2);
const own = new Set(['--prove', '--long']);
const options = given.filter((argument) => argument.startsWith('-') && !own.has(argument));
const files = given.filter((argument) => !argument.startsWith('-'));
const compiled = compileCache();
process.on('exit', () => rmSync(compiled, { recursive: true, force: true }));
const databases = await provideDatabases();
try {
  const environment = {
    ...databases.environment,
    ...(!options.some((option) => option.includes('coverage')) && { NODE_COMPILE_CACHE: compiled }),
    ...(given.includes('--long') && { PROVE_LONG: 'true' }),
  };
  for (const suite of given.includes('--prove') ? proofs(files) : tests(files)) {
    process.exitCode = Math.max(Number(process.exitCode ?? 0), await run(suite, options, environment));
    // A signal ends the whole run.
    if (Number(process.exitCode) > 128) break;
  }
} finally {
  await databases.remove();
}
