import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyCluster } from '../prepared.ts';
import { type Mutant, mutants } from './faults.ts';

/** The folders that the simulation and the tests of the planted faults need. */
const folders = ['account', 'auth', 'book', 'contracts', 'events', 'platform', 'programs', 'saga', 'test'];
/** The number of seeds within which the simulation must find a fault. */
export const mostSeeds = 300;

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The outcome for a planted fault; `broken` if its test or its simulation could not run. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly fate: 'found' | 'survived' | 'not tried' | 'broken';
  /** What found the fault, or why nothing did. */
  readonly how: string;
}

/** Plants each fault and prints what finds it. @returns the exit code: 1 if a fault survives or is broken. */
export async function proveMutants(jobs: number, write: (text: string) => void): Promise<number> {
  const waiting = [...mutants];
  const verdicts: Verdict[] = [];
  const cluster = await emptyCluster();
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const verdict = await tryMutant(mutant, cluster).catch((error): Verdict => {
          return { mutant, fate: 'broken', how: (error as Error).message };
        });
        verdicts.push(verdict);
        write(`${verdict.fate.padEnd(9)}  ${mutant.name.padEnd(32)}  ${verdict.how}\n`);
      }
    }),
  );
  const count = (fate: Verdict['fate']) => verdicts.filter((verdict) => verdict.fate === fate).length;
  const counts = (['found', 'survived', 'not tried', 'broken'] as const).map((fate) => `${count(fate)} ${fate}`);
  write(`\n${mutants.length} faults: ${counts.join(', ')}\n`);
  return count('survived') + count('broken') > 0 ? 1 : 0;
}

/**
 * Plants a fault in a copy of the program, and runs the test of the fault, or the simulation.
 * @param cluster an empty cluster that the simulation copies.
 */
export async function tryMutant(mutant: Mutant, cluster: Blob, seeds = mostSeeds): Promise<Verdict> {
  return inCopy(mutant, async (folder) => {
    if (mutant.foundBy !== undefined) return { mutant, ...(await runTest(folder, mutant.foundBy)) };
    writeFileSync(join(folder, 'cluster.tar'), Buffer.from(await cluster.arrayBuffer()));
    const recorded = mutant.seed === undefined ? undefined : await search(mutant, folder, mutant.seed, 1);
    return recorded?.fate === 'found' ? recorded : search(mutant, folder, 1, seeds);
  });
}

/** Runs seeds of the simulation in a copy with a fault, until one finds it. */
async function search(mutant: Mutant, folder: string, from: number, seeds: number): Promise<Verdict> {
  const cluster = join(folder, 'cluster.tar');
  const range = ['--from', `${from}`, '--seeds', `${seeds}`];
  const args = ['test/simulation/main.ts', '--until-found', ...range, '--jobs', '1', '--cluster', cluster];
  const { code, output } = await run(folder, args);
  const [, seed, offence] = /^seed (\d+) failed: .*\n {2}(.*)$/m.exec(output) ?? [];
  if (seed !== undefined) return { mutant, fate: 'found', how: `by the simulation, seed ${seed}: ${offence}` };
  if (code === 0 || /^\d+ seeds, /m.test(output)) {
    return { mutant, fate: 'survived', how: `${seeds} seeds of the simulation` };
  }
  throw new Error(`the simulation does not run with ${mutant.name} planted:\n${output.slice(-2_000)}`);
}

/** Runs the simulation with a planted fault and prints its output. @returns its exit code. */
export async function simulateMutant(
  name: string,
  options: Readonly<Record<string, string | boolean | undefined>>,
  write: (text: string) => void,
): Promise<number> {
  const mutant = mutants.find((each) => each.name === name);
  if (mutant === undefined)
    throw new TypeError(`there is no mutant ${name}, only ${mutants.map((each) => each.name).join(', ')}`);
  const args = Object.entries(options).flatMap(([key, value]) =>
    value === true ? [`--${key}`] : [`--${key}`, `${value}`],
  );
  return inCopy(mutant, async (folder) => {
    const { code, output } = await run(folder, ['test/simulation/main.ts', ...args]);
    write(output.replaceAll(/(npm run sim -- --seed \d+)/g, `$1 --mutant ${name}`));
    return code;
  });
}

async function runTest(
  folder: string,
  { file, test }: NonNullable<Mutant['foundBy']>,
): Promise<Omit<Verdict, 'mutant'>> {
  const { code, output } = await run(folder, [
    '--test',
    `--test-name-pattern=${test}`,
    '--test-reporter=tap',
    // A fault may also show as a test that never ends.
    '--test-timeout=60000',
    file,
  ]);
  if (/# SKIP PostgreSQL/.test(output)) return { fate: 'not tried', how: `${file} needs a PostgreSQL server` };
  if (code === 0 && /^# pass [1-9]/m.test(output)) return { fate: 'survived', how: `${file}: ${test}` };
  // A test that does not even start has found nothing.
  if (!new RegExp(`^ *not ok \\d+ - ${test}$`, 'm').test(output))
    throw new Error(`${file} does not run with the fault planted:\n${output.slice(-2_000)}`);
  return { fate: 'found', how: `by ${file}: ${test}` };
}

/** Makes a copy of the program with a fault in it, which exists while `work` runs. */
async function inCopy<Result>(mutant: Mutant, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-mutant-'));
  try {
    for (const name of folders) cpSync(join(root, name), join(folder, name), { recursive: true });
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    plant(mutant, folder);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error if the text to replace is missing or occurs more than once: then the fault is out of date. */
export function plant({ name, file, find, replace }: Mutant, folder: string): void {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) throw new Error(`${name}: the text to replace occurs ${parts.length - 1} times in ${file}`);
  writeFileSync(path, parts.join(replace));
}

function run(folder: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  // If this process is a part of a test run, that run has set NODE_TEST_CONTEXT. With it, node:test would treat the new
  // run as a part of the old one and skip all tests.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  // Each copy has other paths, so it would fill the compile cache and never use it again.
  const copied = { ...env, NODE_DISABLE_COMPILE_CACHE: '1' };
  const program = spawn(process.execPath, args, { cwd: folder, env: copied, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [program.stdout, program.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  return new Promise((resolve, reject) => {
    program.on('error', reject);
    program.on('close', (code) => resolve({ code: code ?? 1, output: output.join('') }));
  });
}
