import { parseArgs } from 'node:util';
import { openPglite } from '../../platform/database/pglite.ts';
import { type FuzzReport, fuzz } from './run.ts';

const usage = `Starts Startlist, sends requests that its OpenAPI document allows or forbids, and checks the responses.

  npm run fuzz                               for half a minute, with a random seed
  npm run fuzz -- --seconds 600 --seed 7     for longer; the same seed sends the same requests in the same order
  npm run fuzz -- --requests 1200 --seed 7   up to the number of a request that a longer run reported

Exit code: 0 without a fault, 1 with one, 2 for a wrong argument.
`;

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      requests: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const seed = wholeNumber(values.seed);
  const requests = values.requests === undefined ? Number.POSITIVE_INFINITY : wholeNumber(values.requests);
  const usualSeconds = values.requests === undefined ? '30' : '86400';
  const seconds = wholeNumber(values.seconds ?? usualSeconds);
  const database = await openPglite();
  try {
    const report = await fuzz(database, { seed, requests, seconds });
    process.stdout.write(pageOf(seed, report));
    return report.faults.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new TypeError(`${JSON.stringify(text)} is not a whole number`);
  return Number(text);
}

function pageOf(seed: number, { asked, faults, answers }: FuzzReport): string {
  const rows = Object.entries(answers).map(([operation, counts]) => {
    const told = Object.entries(counts).map(([status, count]) => `${status}: ${count}`);
    return `  ${operation.padEnd(20)} ${told.join(', ')}`;
  });
  return [
    ...rows,
    ...faults.map((fault) => `\n✗ ${fault}`),
    `\nseed ${seed}: ${asked} requests, ${faults.length === 0 ? 'no faults' : `${faults.length} faults`}\n`,
  ].join('\n');
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(`npm run fuzz: ${error instanceof TypeError ? error.message : error.stack}`);
  return 2;
});
