import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { str } from 'envalid';
import { resetByCommand } from '../auth/service.ts';
import { postgresUrl, readEnvironment, WrongConfiguration } from '../kit/config.ts';
import type { Database } from '../kit/db.ts';
import { NotFound, Unavailable } from '../kit/errors.ts';
import { FolderInUse } from '../kit/lock.ts';
import { openPglite } from '../kit/pglite.ts';
import { openPostgres } from '../kit/postgres.ts';
import { realWorld } from '../kit/world.ts';

const usage = `Does for the admin what needs the database rather than a session.

  npm run admin -- reset-password                    lets admin set a new password
  npm run admin -- reset-password --login user       the same for somebody else

It finds the database by the variables of Startlist itself: AUTH_DATABASE_URL, DATABASE_URL, or else DATA_DIR, which no
Startlist may have open meanwhile. It prints a token that is good once, for 24 hours.
`;

/** What whoever typed the command can mend. */
class WrongCommand extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const [command, ...others] = positionals;
  if (command !== 'reset-password' || others.length > 0) {
    throw new WrongCommand('the one thing it does is reset-password (npm run admin -- reset-password --login admin)');
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
    throw new WrongCommand((error as Error).message.split('. ')[0], { cause: error });
  }
}

/** The database that auth uses with the same environment. It is never made here: there would be nobody in it. */
async function openAuthDatabase(): Promise<Database> {
  const optionalUrl = postgresUrl({ default: undefined });
  const env = readEnvironment(process.env, {
    DATA_DIR: str({ default: './data' }),
    DATABASE_URL: optionalUrl,
    AUTH_DATABASE_URL: optionalUrl,
  });
  const url = env.AUTH_DATABASE_URL ?? env.DATABASE_URL;
  if (url !== undefined) return openPostgres(url, 1);
  // All four in one process keep their data in the folder itself, a service alone in one of its name.
  const folders = [env.DATA_DIR, join(env.DATA_DIR, 'auth')];
  const folder = folders.find((each) => existsSync(join(each, 'pglite')));
  if (folder !== undefined) return openPglite(folder);
  if (existsSync(join(env.DATA_DIR, 'postgres'))) {
    throw new WrongCommand(
      `${env.DATA_DIR} is of npm run services: while that runs, set DATABASE_URL to its PostgreSQL (the port is in its log, the password in ${join(env.DATA_DIR, 'postgres-password')})`,
    );
  }
  throw new WrongCommand(`there is no embedded database in ${env.DATA_DIR} (set DATA_DIR, or DATABASE_URL)`);
}

const pageOf = (login: string, token: string, expiresAt: Date) => `
  ${login} sets a new password with this token, once, until ${expiresAt.toISOString()}:

    ${token}

  for instance so, with Startlist running:

    curl -X POST http://127.0.0.1:8080/auth/reset -d '{"token":"${token}","new_password":"…"}'

  All sessions end then, and all API tokens of ${login} are revoked.
`;

function explain(error: unknown): string {
  const isTheirs = [WrongCommand, WrongConfiguration, NotFound].some((kind) => error instanceof kind);
  if (error instanceof FolderInUse) return `${error.message}: stop it first`;
  if (error instanceof Unavailable) return `the database does not answer: ${error.message}`;
  if (isTheirs || (error as { severity?: string }).severity === 'FATAL') return (error as Error).message;
  return (error as Error).stack ?? String(error);
}

await main(process.argv.slice(2)).catch((error) => {
  console.error(`npm run admin: ${explain(error)}`);
  process.exitCode = 1;
});
