import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Backend } from '../../contracts/services.ts';
import type { Listening } from '../../platform/process/ipc.ts';
import { type End, keptEnvironment } from './program.ts';
import { noteOutput } from './secrets.ts';
import { root } from './sources.ts';
import { Client } from './system.ts';
import { until } from './until.ts';

const started = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

function start(path: string, args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [join(root, path), ...args], {
    env: { ...keptEnvironment(), PORT: '0', INTERNAL_PORT: '0', RATE_LIMITS: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  started.add(child);
  return child;
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A line of the combined log. */
export interface Entry {
  readonly level: number;
  readonly msg: string;
  readonly service?: string;
  readonly replica?: number;
  readonly pid?: number;
  readonly port?: number;
  readonly internalPort?: number;
}

/** The processes of `npm run services`, with their log. */
export class Services {
  readonly entries: Entry[] = [];
  /** The lines of standard output that are not log lines. */
  banner = '';
  stderr = '';
  readonly #process: ChildProcess;
  readonly #ended: Promise<End>;
  #client: Client | undefined;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.#process = start('programs/cluster/main.ts', args, environment);
    this.#ended = once(this.#process, 'close').then(([code, signal]): End => code ?? signal);
    for (const stream of ['stdout', 'stderr'] as const) {
      const from = this.#process[stream];
      if (from !== null) createInterface({ input: from }).on('line', (line) => this.#read(stream, line));
    }
  }

  /** Resolves with a client of the public port when the banner names the port. */
  async ready(): Promise<Client> {
    let end: End | undefined;
    void this.#ended.then((how) => {
      end = how;
    });
    await until('the services become ready', () => {
      if (end !== undefined) throw new Error(`the services ended with ${end}: ${this.stderr}`);
      return this.banner.includes('Ctrl-C');
    });
    const [, address = ''] = /Startlist is at (\S+)/.exec(this.banner) ?? [];
    this.#client = new Client(address);
    return this.#client;
  }

  /** The id of the most recent process of a replica. */
  pidOf(service: string, replica?: number): number {
    const isIt = (entry: Entry) => entry.service === service && entry.replica === replica && entry.msg === 'started';
    const pid = this.entries.findLast(isIt)?.pid;
    if (pid === undefined) throw new Error(`${service}.${replica} was never started`);
    return pid;
  }

  /** The ports of the most recent process of a replica that became ready. */
  portsOf(service: string, replica?: number): { readonly port: number; readonly internalPort: number } {
    const is = (entry: Entry) => entry.service === service && entry.replica === replica && /is ready$/.test(entry.msg);
    const { port = 0, internalPort = 0 } = this.entries.findLast(is) ?? {};
    return { port, internalPort };
  }

  /** The ids of all processes that were started so far. */
  get pids(): number[] {
    return this.entries.flatMap(({ msg, pid }) => (msg === 'started' && pid !== undefined ? [pid] : []));
  }

  /** Sends a signal to the parent of all processes and waits until the parent has ended. */
  async end(signal: NodeJS.Signals): Promise<End> {
    this.#client?.close();
    this.#process.kill(signal);
    return this.ended();
  }

  async ended(): Promise<End> {
    const end = await this.#ended;
    started.delete(this.#process);
    return end;
  }

  #read(stream: 'stdout' | 'stderr', line: string): void {
    noteOutput(`${line}\n`);
    if (stream === 'stderr') this.stderr += `${line}\n`;
    else if (line.startsWith('{')) this.entries.push(JSON.parse(line));
    else this.banner += `${line}\n`;
  }
}

/** One service in a separate process, which is not restarted. */
export class Alone {
  readonly service: Backend;
  readonly process: ChildProcess;
  readonly client: Promise<Client>;
  readonly internal: Promise<Client>;
  log = '';

  constructor(service: Backend, environment: Readonly<Record<string, string>>) {
    this.service = service;
    this.process = start(`${service}/main.ts`, [], { LOG_LEVEL: 'warn', ...environment });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        this.log += text;
        noteOutput(text);
      });
    }
    const listening = new Promise<Listening['listening']>((resolve, reject) => {
      this.process.once('message', (message: Listening) => resolve(message.listening));
      this.process.once('exit', () => reject(new Error(`${service} ended: ${this.log}`)));
    });
    listening.catch(() => {});
    this.client = listening.then(({ port }) => new Client(`http://127.0.0.1:${port}`));
    this.internal = listening.then(({ internalPort }) => new Client(`http://127.0.0.1:${internalPort}`));
    for (const client of [this.client, this.internal]) client.catch(() => {});
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Sends a signal and waits until the process has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    started.delete(this.process);
    for (const client of [this.client, this.internal]) await client.then((each) => each.close()).catch(() => {});
    if (!this.isRunning) return;
    const gone = once(this.process, 'exit');
    this.process.kill(signal);
    await gone;
  }
}
