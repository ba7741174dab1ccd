import { parseArgs } from 'node:util';
import { type WorkloadName, workloadNames } from './workloads.ts';

/** Invalid command-line arguments. The message is one line for the user. */
export class WrongArguments extends Error {
  override name = 'WrongArguments';
}

export const usage = `Measures Startlist and its peers on this machine. See bench/README.md.

  npm run bench                       all systems and workloads, about 20 minutes
  npm run bench -- --quick            only the workload hot, about 3 minutes
  npm run bench -- --soak             5 minutes of full load, with memory use per minute
  npm run bench -- --against REV      compares this tree with another revision

  --rows one,four,…                   only these systems: one, four, embedded, of-one, dbos, restate, ceiling
  --workloads hot,…                   only these workloads: ${workloadNames.join(', ')}
  --rounds 3  --seconds 4             turns of each system, and seconds per turn
  --connections 512                   concurrent clients
  --growth 1000000,5000000            stored bookings for the workload growth
  --out FOLDER                        write bench.json and bench.svg to FOLDER, not to bench/results
  --publish                           write to docs/performance.md and docs/performance/
  --profile FOLDER                    a CPU profile of each Startlist process, and PostgreSQL's costliest statements
`;

export interface BenchOptions {
  readonly rows: readonly string[] | undefined;
  readonly workloads: readonly WorkloadName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly growth: readonly number[];
  readonly against: string | undefined;
  readonly out: string | undefined;
  readonly profile: string | undefined;
  readonly publish: boolean;
  readonly soak: boolean;
  readonly help: boolean;
}

const options = {
  rows: { type: 'string' },
  workloads: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  connections: { type: 'string' },
  growth: { type: 'string' },
  against: { type: 'string' },
  out: { type: 'string' },
  profile: { type: 'string' },
  quick: { type: 'boolean', default: false },
  publish: { type: 'boolean', default: false },
  soak: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws WrongArguments */
export function readArguments(args: readonly string[]): BenchOptions {
  const given = parse([...args]);
  const isShort = given.quick || given.against !== undefined;
  const workloads = split(given.workloads) ?? (isShort ? ['hot'] : [...workloadNames]);
  for (const name of workloads) {
    if (!workloadNames.includes(name as WorkloadName)) throw new WrongArguments(`unknown workload ${name}`);
  }
  return {
    rows: split(given.rows),
    workloads: workloads as WorkloadName[],
    rounds: whole('rounds', given.rounds, 3),
    seconds: whole('seconds', given.seconds, 4),
    connections: whole('connections', given.connections, 512),
    growth: (split(given.growth) ?? ['1000000', '5000000']).map((text) => whole('growth', text, 0)),
    against: given.against,
    out: given.out,
    profile: given.profile,
    publish: given.publish,
    soak: given.soak,
    help: given.help,
  };
}

function split(text: string | undefined): string[] | undefined {
  return text?.split(',').filter((part) => part !== '');
}

function whole(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WrongArguments(`--${name} takes whole numbers from 1, not "${text}"`);
  return Number(text);
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new WrongArguments((error as Error).message.split('. ')[0] ?? '');
  }
}
