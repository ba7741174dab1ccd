/** Runs `npm run bench`. See bench/README.md. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BenchOptions, readArguments, usage, WrongArguments } from './arguments.ts';
import { judge, printClaims } from './claims.ts';
import { runCurve } from './curve-workload.ts';
import { runGrowth } from './growth-workload.ts';
import { generator } from './load/put-on.ts';
import { inMarkdown, renew } from './report/document.ts';
import { draw } from './report/picture.ts';
import { endProgress } from './report/progress.ts';
import { printTable } from './report/table.ts';
import type { Sample } from './results.ts';
import { grouped, runRounds } from './rounds.ts';
import { checkOut } from './rows/revision.ts';
import type { BenchContext, Row } from './rows/row.ts';
import { allRows } from './rows/rows.ts';
import { root } from './rows/startlist.ts';
import { openServer } from './server.ts';
import { soak } from './soak.ts';
import { counting, countStatements, writeStatements } from './statements.ts';
import { type PlainName, type WorkloadName, workloads } from './workloads.ts';

const titles = new Map<string, string>([
  ...Object.entries(workloads).map(([name, { title }]) => [name, title] as const),
  ['growth', 'growth: one hot event'],
  ['growth: own bookings', 'growth: GET /book/get, one client'],
  ['curve', 'latency against offered load'],
]);

function optionsOrEnd(): BenchOptions {
  try {
    const options = readArguments(process.argv.slice(2));
    if (!options.help) return options;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    console.error(`npm run bench: ${error.message} (npm run bench -- --help)`);
    process.exit(2);
  }
}

const isPlain = (name: WorkloadName): name is PlainName => name in workloads;

async function measure(context: BenchContext, rows: readonly Row[], options: BenchOptions): Promise<Sample[]> {
  const { rounds, seconds, connections, growth } = options;
  const effort = { rounds, effort: { seconds, connections } };
  const one = rows.find(({ name }) => name === 'one');
  const samples: Sample[] = [];
  for (const names of grouped(options.workloads.filter(isPlain))) {
    samples.push(...(await runRounds(context, names, rows, effort)));
  }
  if (one === undefined) return samples;
  if (options.workloads.includes('growth')) samples.push(...(await runGrowth(context, one, growth, effort)));
  if (options.workloads.includes('curve')) samples.push(...(await runCurve(context, one, effort)));
  return samples;
}

const document = join(root, 'docs', 'performance.md');

function write(samples: readonly Sample[], options: BenchOptions, postgres: string): string {
  const usual = options.publish ? join(root, 'docs', 'performance') : join(import.meta.dirname, 'results');
  const folder = resolve(options.out ?? usual);
  mkdirSync(folder, { recursive: true });
  const machine = { cores: availableParallelism(), processor: cpus()[0]?.model ?? '', node: process.version, postgres };
  const claims = judge(samples);
  const all = { at: new Date().toISOString(), machine, options, claims, samples };
  writeFileSync(join(folder, 'bench.json'), `${JSON.stringify(all, undefined, 1)}\n`);
  const subtitle = `${machine.cores} cores with ${generator} on them, Node ${process.versions.node}, ${postgres}`;
  writeFileSync(join(folder, 'bench.svg'), draw(samples, subtitle));
  if (options.publish) {
    const part = inMarkdown(samples, titles, claims, `Measured on ${subtitle}.`);
    writeFileSync(document, renew(readFileSync(document, 'utf8'), part));
  }
  return `${printTable(samples, titles)}\n${printClaims(claims)}\n${subtitle}\nwritten to ${folder}\n`;
}

const options = optionsOrEnd();
const folder = mkdtempSync(join(tmpdir(), 'startlist-bench-'));
// Statements can be counted only with special server settings, so not on the server of TEST_DATABASE_URL.
const isCounting = options.profile !== undefined && !process.env.TEST_DATABASE_URL;
const server = await openServer(isCounting ? counting : {});
// The title is published, so a path on this machine is removed from it.
const postgres = server.title.replace(/ in \/\S+$/, '');
const revision = options.against === undefined ? undefined : checkOut(options.against, folder);
try {
  const nodeOptions = options.profile && ['--cpu-prof', `--cpu-prof-dir=${resolve(options.profile)}`];
  const every = allRows(nodeOptions ? { nodeOptions } : {});
  const few = options.rows ?? (revision ? ['one'] : every.map(({ name }) => name));
  const rows = every.filter(({ name }) => few.includes(name));
  if (revision !== undefined) rows.push(revision.row);
  const context = { server, folder };
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  if (isCounting) await countStatements(server);
  for (const { title, missing } of rows) if (missing !== undefined) console.error(`skipping ${title}: ${missing}`);
  const { seconds, connections } = options;
  const [first] = rows;
  if (first === undefined) throw new Error('--rows names no known system');
  const report = options.soak
    ? await soak(context, first, { seconds, connections })
    : write(await measure(context, rows, options), options, postgres);
  endProgress();
  process.stdout.write(report);
  if (options.profile !== undefined) {
    const statements = isCounting ? `, ${await writeStatements(server, options.profile)}` : '';
    process.stdout.write(`profiles: ${options.profile}${statements}\n`);
  }
} finally {
  revision?.remove();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
