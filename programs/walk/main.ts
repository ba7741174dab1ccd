import { openPglite } from '../../platform/database/pglite.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld } from '../../platform/world.ts';
import { createStartlist } from '../start/one-process.ts';
import { Unreachable } from './curl.ts';
import { CanNotPlay, play } from './play.ts';

const usage = `Replays the curl session of Startlist's first description and compares each answer with it.

  npm run walk                            against a new Startlist on an empty in-memory database
  npm run walk -- http://127.0.0.1:8080   against a running Startlist with DEMO=true; creates two or three events there,
                                          books them, and adapts to the ids and balances it finds

Exit code: 0 when all answers match, 1 when one differs or is missing, 2 for a wrong argument.
`;

const write = (text: string) => void process.stdout.write(text);

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    write(usage);
    return 0;
  }
  const [argument] = args;
  if (argument === undefined) return walkAlone();
  const address = addressOf(argument);
  if (args.length > 1 || address === undefined) {
    const wrong =
      args.length > 1 ? 'only one address is allowed' : `${JSON.stringify(argument)} is not an http address`;
    console.error(`npm run walk: ${wrong} (npm run walk -- http://127.0.0.1:8080)`);
    return 2;
  }
  return (await play(address, false, write)) === 0 ? 0 : 1;
}

/** The base URL without a slash at its end; undefined when the text is no http address. */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') return undefined;
  return url.href.replace(/\/+$/, '');
}

async function walkAlone(): Promise<number> {
  const database = await openPglite();
  const databases = { auth: database, events: database, account: database, book: database };
  const log = createLog('error');
  const startlist = await createStartlist({ databases, world: realWorld(), log, demo: true, bookWaitMs: 10_000 });
  try {
    const address = await startlist.server.listen({ port: 0, host: '127.0.0.1' });
    return (await play(address, true, write)) === 0 ? 0 : 1;
  } finally {
    await startlist.stop();
    await database.close();
  }
}

/** Errors that the user can fix are one line; all others include the stack trace. */
function explain(error: unknown): string {
  if (error instanceof Unreachable || error instanceof CanNotPlay) return `npm run walk: ${error.message}`;
  return `npm run walk: ${error instanceof Error ? error.stack : String(error)}`;
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(explain(error));
  return 1;
});
