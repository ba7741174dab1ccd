import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pause, type World } from '../../platform/world.ts';
import { type Binaries, NoPostgres } from './postgres-binaries.ts';

/** How a server stops: `fast` rolls back open transactions; `immediate` is a crash, and the next start recovers. */
export type StopMode = 'fast' | 'immediate';

export interface ClusterOptions {
  readonly world: World;
  readonly binaries: Binaries;
  /** Settings of postgresql.conf, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The data folder. By default a temporary folder, which `remove` deletes. */
  readonly folder?: string;
  /** The port on 127.0.0.1. By default any free port. */
  readonly port?: number;
  /** The superuser's password. Without one, every connection to the port is accepted. */
  readonly password?: string;
  /** Called when a running server exits without `stop`, `kill` or `remove`. */
  readonly onDied?: () => void;
}

/** A PostgreSQL server on 127.0.0.1. It ends when this process ends, even if this process is killed. */
export interface PostgresServer {
  /** The URI of the database `postgres`, as the superuser `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly binaries: Binaries;
  /** Starts the server again after `stop` or `kill`, on the same port. Resolves when it answers. */
  start(): Promise<void>;
  /** Stops the server and keeps its data. Resolves when it has exited. */
  stop(mode?: StopMode): Promise<void>;
  /** Sends SIGKILL. Resolves when the server has exited. */
  kill(): Promise<void>;
  restart(mode?: StopMode): Promise<void>;
  /** Stops the server and deletes its data if the folder is temporary. */
  remove(): Promise<void>;
}

/** The interval at which a started server is tried until it answers, in milliseconds. */
const stepMs = 50;
/** The maximum number of these tries: 60 s in all, because after a crash the server first replays its WAL. */
const steps = 1_200;

/**
 * Starts a PostgreSQL server, and creates an empty cluster first unless `folder` already has one.
 * @throws NoPostgres with the reason.
 */
export async function startCluster(options: ClusterOptions): Promise<PostgresServer> {
  try {
    const own = options.folder === undefined;
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'startlist-postgres-'));
    try {
      await createCluster(options.binaries, folder, options.password);
      return await startAnywhere(options, { folder, own });
    } catch (error) {
      if (own) rmSync(folder, { recursive: true, force: true });
      options.binaries.remove();
      throw error;
    }
  } catch (error) {
    throw error instanceof NoPostgres ? error : new NoPostgres((error as Error).message, { cause: error });
  }
}

/** Starts a server on the given port, or on a free one. If another process takes a free port first, tries another. */
async function startAnywhere(options: ClusterOptions, place: { folder: string; own: boolean }): Promise<Cluster> {
  for (let tries = 1; ; tries += 1) {
    const cluster = new Cluster(options, place, options.port ?? (await freePort()));
    try {
      await cluster.start();
      return cluster;
    } catch (error) {
      const isTaken = /Address already in use/.test((error as Error).message);
      if (!isTaken || options.port !== undefined || tries === 5) throw error;
    }
  }
}

/** Runs initdb in a temporary folder and renames it when complete: a half-made cluster would never start. */
async function createCluster(binaries: Binaries, folder: string, password?: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const { user } = binaries;
  const [half, passwordFile] = [`${folder}.half`, `${folder}.password`];
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(half, user.uid, user.gid);
  const args = ['-D', half, '-U', 'postgres', '-E', 'UTF8', '--no-locale', '--no-sync'];
  try {
    if (password === undefined) args.push('-A', 'trust');
    else {
      writeFileSync(passwordFile, password, { mode: 0o600 });
      if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
      args.push('-A', 'scram-sha-256', `--pwfile=${passwordFile}`);
    }
    const initdb = spawn(join(binaries.folder, 'initdb'), args, {
      ...user,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    initdb.stderr.on('data', (text) => {
      complaint += text;
    });
    const [code] = await once(initdb, 'close');
    if (code !== 0) throw new NoPostgres(`initdb failed: ${complaint.trim()}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(half, folder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
}

function settingsOf(settings: Readonly<Record<string, string>> = {}): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Error messages in English: #launch matches their text, and the log is English.
    lc_messages: 'C',
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

class Cluster implements PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly binaries: Binaries;
  readonly #world: World;
  readonly #settings: string[];
  /** Whether the folder is temporary, and is deleted by `remove`. */
  readonly #own: boolean;
  readonly #onDied: () => void;
  #server: ChildProcess | undefined;
  #guard: ChildProcess | undefined;

  constructor(options: ClusterOptions, place: { folder: string; own: boolean }, port: number) {
    const { world, binaries, settings, password, onDied = () => {} } = options;
    this.binaries = binaries;
    this.folder = place.folder;
    this.#own = place.own;
    this.port = port;
    this.url = `postgres://postgres${password === undefined ? '' : `:${password}`}@127.0.0.1:${port}/postgres`;
    this.#world = world;
    this.#onDied = onDied;
    this.#settings = settingsOf(settings);
  }

  async start(): Promise<void> {
    this.#guard?.kill('SIGKILL');
    // After a kill, backends of the previous server may hold its shared memory or its folder for a moment.
    for (let tries = 0; tries < 30; tries += 1) {
      const complaint = await this.#launch();
      if (complaint === undefined) return;
      if (!/shared memory block|postmaster\.pid/.test(complaint)) {
        throw new NoPostgres(`postgres did not start: ${complaint}`);
      }
      await pause(this.#world, 100);
    }
    throw new NoPostgres(`postgres did not start: another server is running on ${this.folder}`);
  }

  async stop(mode: StopMode = 'fast'): Promise<void> {
    await this.#end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async restart(mode?: StopMode): Promise<void> {
    await this.stop(mode);
    await this.start();
  }

  async remove(): Promise<void> {
    await this.stop('immediate');
    if (this.#own) rmSync(this.folder, { recursive: true, force: true });
    this.binaries.remove();
  }

  /** @returns the error output if the server did not start, otherwise undefined. */
  async #launch(): Promise<string | undefined> {
    const log = join(this.folder, 'startlist.log');
    const output = openSync(log, 'w');
    const options: SpawnOptions = {
      ...this.binaries.user,
      cwd: '/',
      stdio: ['ignore', output, output],
      detached: true,
    };
    const args = ['-D', this.folder, '-p', String(this.port), ...this.#settings];
    const server = spawn(join(this.binaries.folder, 'postgres'), args, options);
    closeSync(output);
    await once(server, 'spawn');
    server.unref();
    this.#server = server;
    this.#guard = guard(server, this.#own ? this.folder : undefined);
    for (let step = 0; step < steps && isRunning(server); step += 1) {
      if (await answers(this.url)) {
        server.once('exit', () => this.#server === server && this.#onDied());
        return undefined;
      }
      await pause(this.#world, stepMs);
    }
    const complaint = isRunning(server) ? 'it did not answer in time' : readFileSync(log, 'utf8').trim();
    await this.#end('SIGKILL');
    return complaint;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const [server, guard] = [this.#server, this.#guard];
    this.#server = undefined;
    this.#guard = undefined;
    if (server !== undefined && isRunning(server)) {
      server.ref();
      const gone = once(server, 'exit');
      server.kill(signal);
      await gone;
    }
    guard?.kill('SIGKILL');
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** A script that waits for the end of its input, sends SIGQUIT to process `$1`, and deletes folder `$2` if given. */
const guardScript = `
  read -r _
  kill -QUIT "$1"
  for step in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" || break; sleep 0.2; done
  [ -z "$2" ] || rm -rf "$2"
`;

/**
 * Starts a guard process that ends the server when this process ends. That works even after a SIGKILL, which closes the
 * guard's input. Guard and server have separate process groups, because Ctrl-C must reach only this process.
 */
function guard(server: ChildProcess, folder = ''): ChildProcess {
  const stdio: SpawnOptions['stdio'] = ['pipe', 'ignore', 'ignore'];
  const waiting = spawn('sh', ['-c', guardScript, 'guard', String(server.pid), folder], { stdio, detached: true });
  // Without a shell there is no guard: the server then ends only if this process shuts down in an orderly way.
  waiting.on('error', () => {});
  waiting.unref();
  (waiting.stdin as Socket).unref();
  return waiting;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Finds a free port on 127.0.0.1. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
