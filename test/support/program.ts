import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Sql } from '../../platform/database/database.ts';
import { openPglite } from '../../platform/database/pglite.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { createEmptyDatabase, type Kind, skipWithoutPostgres } from './databases/databases.ts';
import { noteOutput } from './secrets.ts';
import { Client } from './system.ts';

/** The exit code of a process, or the signal that ended it. */
export type End = number | NodeJS.Signals;

/** A Startlist in a separate process. */
export interface Program {
  /** The output of the process so far. */
  readonly written: { readonly stdout: string; readonly stderr: string };
  /** Resolves with a client when the process listens. Rejects with the output of a process that ends before. */
  readonly ready: Promise<Client>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<End>;
  /** Sends a signal and waits until the process has ended. */
  end(signal: NodeJS.Signals): Promise<End>;
}

/** The environment variables that a program under test gets from the environment of the test. */
export function keptEnvironment(): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  return { PATH, NODE_COMPILE_CACHE };
}

const main = fileURLToPath(new URL('../../programs/start/main.ts', import.meta.url));

/**
 * Starts `programs/start/main.ts` in a separate process, with this environment. The program uses a free port unless the
 * environment names one, and prints the port in its first lines.
 */
export function startProgram(environment: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, [main], {
    env: { ...keptEnvironment(), PORT: '0', LOG_LEVEL: 'warn', RATE_LIMITS: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code, signal]): End => code ?? signal);
  const ready = new Promise<Client>((resolve, reject) => {
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        written[stream] += part;
        noteOutput(part);
        const [, address] = /Startlist is at (http\S+)/.exec(written.stdout) ?? [];
        if (address !== undefined) resolve(new Client(address));
      });
    }
    void ended.then((end) => reject(new Error(`the program ended with ${end}: ${written.stderr}${written.stdout}`)));
  });
  // A test that only waits for the end would leave this rejection unhandled.
  ready.catch(() => {});
  void ended.then(() => ready.then((client) => client.close())).catch(() => {});
  return {
    written,
    ready,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Returns a `startProgram` for one test file: programs that still run at the end of the file are killed. */
export function startPrograms(): typeof startProgram {
  const programs: Program[] = [];
  after(() => Promise.all(programs.map((program) => program.end('SIGKILL'))));
  return (environment) => {
    const program = startProgram(environment);
    programs.push(program);
    return program;
  };
}

/** A database that outlives the programs on it. */
export interface Place {
  /** The environment of a program that uses the database. */
  readonly environment: Readonly<Record<string, string>>;
  /** Reads the tables; on PGlite only while no program has the folder open. */
  read<Row extends object>(text: string): Promise<Row[]>;
  /** Like `read`, for several statements. */
  look<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

export async function createPlace(kind: Kind): Promise<Place> {
  return kind === 'PGlite' ? folderPlace() : serverPlace();
}

/**
 * Creates a place for a test that runs on either kind of database: on the PostgreSQL server if there is one, because a
 * database there starts faster than an embedded one.
 */
export function openPlace(): Promise<Place> {
  return createPlace(skipWithoutPostgres === false ? 'PostgreSQL' : 'PGlite');
}

function folderPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-place-'));
  return place(
    { DATA_DIR: folder },
    () => openPglite(folder),
    async () => {
      rmSync(folder, { recursive: true, force: true });
    },
  );
}

async function serverPlace(): Promise<Place> {
  const { url, drop } = await createEmptyDatabase();
  return place({ DATABASE_URL: url }, async () => openPostgres(url, 1), drop);
}

function place(
  environment: Record<string, string>,
  open: () => ReturnType<typeof openPglite>,
  remove: () => Promise<void>,
): Place {
  async function look<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const database = await open();
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }
  return { environment, remove, look, read: (text) => look((sql) => sql.query(text)) };
}
