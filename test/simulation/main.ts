import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { realWorld } from '../../platform/world.ts';
import { type Jobs, runSeeds } from './jobs.ts';
import { proveMutants, simulateMutant } from './planted-faults/plant.ts';
import { Totals } from './totals.ts';
import type { Report } from './worker.ts';

const usage = `Simulates Startlist under faults, with a virtual clock and all random numbers from one seed.

  npm run sim -- --seeds 1000       seeds 1 to 1000; --from 501 begins at 501, --jobs 1 uses one thread
  npm run sim -- --seed 1234        one seed, with its history, which is the same in every run
  npm run sim -- --mutants          plants each known fault in a copy of the program, and prints what finds it
  npm run sim -- --seed 1234 --mutant refund-by-person    one seed, or --seeds, with a fault planted

Exit code: 0 without an offence (with --mutants: if no fault survived), 1 otherwise, 2 for a wrong argument.
`;

const write = (text: string) => void process.stdout.write(text);
/** The maximum number of failing seeds shown, and of offences shown for each. */
const shownFailures = 5;

const options = {
  seeds: { type: 'string' },
  from: { type: 'string', default: '1' },
  seed: { type: 'string' },
  jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) },
  mutant: { type: 'string' },
  mutants: { type: 'boolean' },
  // The next two options are for the processes that `--mutants` starts.
  'until-found': { type: 'boolean' },
  cluster: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the exit code. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  if (values.help) {
    write(usage);
    return 0;
  }
  const jobs = wholeNumber(values.jobs);
  if (values.mutants) return proveMutants(jobs, write);
  if (values.mutant !== undefined) {
    const { mutant, ...others } = values;
    return simulateMutant(mutant, others, write);
  }
  if (values.seed !== undefined) return showSeed(wholeNumber(values.seed));
  const first = wholeNumber(values.from);
  const count = wholeNumber(values.seeds ?? '100');
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  const cluster = values.cluster === undefined ? undefined : new Blob([readFileSync(values.cluster)]);
  return runMany(seeds, { threads: jobs, cluster }, values['until-found'] ?? false);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new TypeError(`${JSON.stringify(text)} is not a whole number from 1`);
}

async function showSeed(seed: number): Promise<number> {
  let found = 0;
  await runSeeds([seed], { threads: 1 }, ({ offences, lines, digest }) => {
    found = offences.length;
    write(`${lines.join('\n')}\n\nseed ${seed}: ${found === 0 ? 'no offence' : `${found} offences`} (${digest})\n`);
    for (const offence of offences) write(`  ${offence}\n`);
  });
  return found === 0 ? 0 : 1;
}

async function runMany(seeds: readonly number[], jobs: Jobs, isUntilFound: boolean): Promise<number> {
  const totals = new Totals();
  const failed: Report[] = [];
  const world = realWorld();
  const beganMs = world.now();
  let done = 0;
  const add = (report: Report) => {
    totals.add(report);
    done += 1;
    if (report.offences.length > 0) {
      failed.push(report);
      if (failed.length <= shownFailures) showFailure(report, failed.length === 1 && !isUntilFound);
    }
    if (done % 250 === 0) console.error(`  ${done} of ${seeds.length} seeds, ${failed.length} failed`);
  };
  await runSeeds(seeds, jobs, add, () => isUntilFound && failed.length > 0);
  const seconds = (world.now() - beganMs) / 1_000;
  const { bookings, digest, missing } = totals;
  if (!isUntilFound) write(`${totals.table()}\n`);
  for (const name of missing) write(`\nnever occurred: ${name}`);
  const rate = `${(done / seconds).toFixed(1)} a second`;
  write(`\n${done} seeds, ${bookings} bookings, ${failed.length} failed, ${rate}, histories ${digest}\n`);
  return failed.length + missing.length > 0 ? 1 : 0;
}

function showFailure({ seed, offences, lines }: Report, isWhole: boolean): void {
  if (isWhole) write(`${lines.join('\n')}\n`);
  write(`\nseed ${seed} failed: npm run sim -- --seed ${seed}\n`);
  for (const offence of offences.slice(0, shownFailures)) write(`  ${offence}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`npm run sim: ${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
