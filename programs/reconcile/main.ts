import { parseArgs } from 'node:util';
import { askForReport, NoReport } from './ask.ts';
import { pageOf } from './report.ts';

const usage = `Compares the records of the services of a running Startlist, batch by batch, while it runs.

  npm run reconcile -- http://127.0.0.1:8080            reports differences
  npm run reconcile -- http://127.0.0.1:8080 --mend     repairs first, for use after restoring a backup

  --password PASSWORD   the password of admin; default: ADMIN_PASSWORD, then the demo password

Exit code: 0 when all records agree, 1 when there are differences or unsettled bookings, 2 without a report.
`;

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  // npm consumes options before a `--` and passes them to the program only as environment variables.
  const kept = ['mend', 'password'].find((name) => process.env[`npm_config_${name}`] !== undefined);
  if (kept !== undefined) {
    throw new NoReport(
      `npm consumed --${kept}: put -- before it (npm run reconcile -- http://127.0.0.1:8080 --${kept})`,
    );
  }
  const [argument, ...others] = positionals;
  const address = argument === undefined ? undefined : addressOf(argument);
  if (address === undefined || others.length > 0) {
    const wrong = argument === undefined ? 'the address is missing' : 'expected one http address';
    throw new NoReport(`${wrong} (npm run reconcile -- http://127.0.0.1:8080)`);
  }
  const password = values.password ?? (process.env.ADMIN_PASSWORD || 'password');
  const report = await askForReport({
    address,
    password,
    mend: values.mend,
    onProgress: ({ checked, found }) =>
      showProgress(`${checked.bookings.toLocaleString('en-US')} bookings, ${found} found …`),
  }).finally(() => showProgress(''));
  process.stdout.write(pageOf(address, report, process.stdout));
  return report.clean && !report.mended?.unsettled ? 0 : 1;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        mend: { type: 'boolean', default: false },
        password: { type: 'string' },
      },
    });
  } catch (error) {
    throw new NoReport((error as Error).message.split('. ')[0], { cause: error });
  }
}

/** The base URL; undefined for an invalid address. */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') return undefined;
  return url.href.replace(/\/+$/, '');
}

/** Overwrites one line of the terminal. Prints nothing when stderr is no terminal. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(`npm run reconcile: ${error instanceof NoReport ? error.message : error.stack}`);
  return 2;
});
