import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { str } from 'envalid';
import { resetByCommand } from '../../auth/service.ts';
import { postgresUrl, readEnvironment, WrongConfiguration } from '../../platform/config.ts';
import type { Database } from '../../platform/database/database.ts';
import { FolderInUse } from '../../platform/database/lock.ts';
import { openPglite } from '../../platform/database/pglite.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { NotFound, Unavailable } from '../../platform/errors.ts';
import { realWorld } from '../../platform/world.ts';

const usage = `Administers Startlist through its database, without a session.

  npm run admin -- reset-password                    lets admin set a new password
  npm run admin -- reset-password --login user       the same for another person

The database is AUTH_DATABASE_URL, else DATABASE_URL, else the embedded one in DATA_DIR. Stop Startlist before using the
embedded database: only one process can have it open.
Prints a token that works once and expires after 24 hours.

Exit code: 0 on success, 1 on failure, 2 for a wrong argument.
`;

/** An error that the user can fix. The message is printed without a stack trace. */
class WrongCommand extends Error {}
/** Wrong arguments: exit code 2. */
class WrongArguments extends WrongCommand {}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const [command, ...others] = positionals;
  if (command !== 'reset-password' || others.length > 0) {
    throw new WrongArguments('the only command is reset-password (npm run admin -- reset-password --login admin)');
  }
  const database = await openAuthDatabase();
  try {
    const { token, expiresAt } = await resetByCommand(database, realWorld(), values.login);
    process.stdout.write(pageOf(values.login, token, expiresAt));
  } finally {
    await database.close();
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        login: { type: 'string', default: 'admin' },
      },
    });
  } catch (error) {
    throw new WrongArguments((error as Error).message.split('. ')[0], { cause: error });
  }
}

/** Opens the database that auth uses in this environment. Never creates one: a new database would have no people. */
async function openAuthDatabase(): Promise<Database> {
  const optionalUrl = postgresUrl({ default: undefined });
  const env = readEnvironment(process.env, {
    DATA_DIR: str({ default: './data' }),
    DATABASE_URL: optionalUrl,
    AUTH_DATABASE_URL: optionalUrl,
  });
  const url = env.AUTH_DATABASE_URL ?? env.DATABASE_URL;
  if (url !== undefined) return openPostgres(url, 1);
  // `npm start` keeps its data in DATA_DIR itself, a single service in a subfolder with its name.
  const folders = [env.DATA_DIR, join(env.DATA_DIR, 'auth')];
  const folder = folders.find((each) => existsSync(join(each, 'pglite')));
  const ofServices = wordsOfServices(env.DATA_DIR);
  if (folder !== undefined) return openPglite(folder).catch((error) => explainInUse(error, ofServices));
  if (ofServices !== undefined) throw new WrongCommand(ofServices);
  throw new WrongCommand(`there is no embedded database in ${env.DATA_DIR} (set DATA_DIR, or DATABASE_URL)`);
}

/** Explains how to reach the database of `npm run services`; undefined if its folder does not exist. */
function wordsOfServices(dataFolder: string): string | undefined {
  if (!existsSync(join(dataFolder, 'postgres'))) return undefined;
  const password = `$(cat ${join(dataFolder, 'postgres-password')})`;
  const url = `postgres://postgres:${password}@127.0.0.1:${portOfServer(dataFolder) ?? 'PORT'}/startlist`;
  const where = portOfServer(dataFolder) === undefined ? ' (its log has the PORT)' : '';
  return `to use the database of npm run services, keep that program running and set DATABASE_URL="${url}"${where}`;
}

/** The port of a running PostgreSQL server: the fourth line of its postmaster.pid. */
function portOfServer(dataFolder: string): string | undefined {
  const file = join(dataFolder, 'postgres', 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n')[3] : undefined;
}

/** Explains what to do when the folder is in use, by `npm start` or by `npm run services`: the two share it. */
function explainInUse(error: unknown, ofServices: string | undefined): never {
  if (!(error instanceof FolderInUse) || ofServices === undefined) throw error;
  throw new WrongCommand(`${error.message}: to use the database of npm start, stop it first; ${ofServices}`, {
    cause: error,
  });
}

const pageOf = (login: string, token: string, expiresAt: Date) => `
  With this token ${login} can set a new password once, until ${expiresAt.toISOString()}:

    ${token}

  For example, while Startlist is running (replace the address with yours):

    curl -X POST http://127.0.0.1:8080/auth/reset -d '{"token":"${token}","new_password":"…"}'

  Setting the password ends all sessions and revokes all API tokens of ${login}.
`;

function explain(error: unknown): string {
  const isTheirs = [WrongCommand, WrongConfiguration, NotFound].some((kind) => error instanceof kind);
  if (error instanceof FolderInUse) return `${error.message}: stop it first`;
  if (error instanceof Unavailable) return `the database can't be used: ${error.message}`;
  if (isTheirs || (error as { severity?: string }).severity === 'FATAL') return (error as Error).message;
  return (error as Error).stack ?? String(error);
}

await main(process.argv.slice(2)).catch((error) => {
  console.error(`npm run admin: ${explain(error)}`);
  process.exitCode = error instanceof WrongArguments ? 2 : 1;
});
