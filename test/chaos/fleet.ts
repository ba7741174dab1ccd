import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Service, services } from '../../contracts/services.ts';
import type { Listening } from '../../platform/process/ipc.ts';
import { type End, keptEnvironment } from '../support/program.ts';
import { TcpProxy } from '../support/proxy.ts';
import { noteOutput } from '../support/secrets.ts';
import { root } from '../support/sources.ts';
import { Client } from '../support/system.ts';

export interface FleetOptions {
  /** The number of replicas of each service. */
  readonly replicas: number;
  /** The connection URI of each service's database. */
  readonly databaseUrls: Readonly<Record<Service, string>>;
  /** Additional environment variables for all replicas. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a replica ended. */
export interface Death {
  readonly name: string;
  readonly end: End;
  /** Whether the test ended the process: with `kill -9`, or by stopping the fleet. */
  readonly isOurs: boolean;
  /** Whether the process had become ready. */
  readonly wasReady: boolean;
  /** The standard error output of the process. */
  readonly stderr: string;
}

/** A line that a replica wrote: a line of its log, or other text. */
export interface LogLine {
  readonly name: string;
  /** Pino's number of the level: 50 is an error. Other text than log lines has level 60. */
  readonly level: number;
  readonly text: string;
}

/** The delay before a process that has ended is restarted, in milliseconds. */
const restartAfterMs = 300;
/** The time limit for a replica to become ready, in milliseconds. */
const readyWithinMs = 30_000;
/** The time limit for a replica to end after SIGTERM, in milliseconds. */
const endWithinMs = 12_000;

/** A replica of a service: a process, and after its end the processes that replace it. */
export class Replica {
  readonly service: Service;
  readonly name: string;
  /** The ports of the current process, once it listens. */
  ports: Listening['listening'] | undefined;
  isFrozen = false;
  readonly #start: (replica: Replica) => ChildProcess;
  readonly #fleet: Fleet;
  #child: ChildProcess | undefined;
  #isKilled = false;

  constructor(fleet: Fleet, service: Service, index: number, start: (replica: Replica) => ChildProcess) {
    this.#fleet = fleet;
    this.service = service;
    this.name = `${service}.${index + 1}`;
    this.#start = start;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Runs the process, and starts a new one after each end, until the fleet stops. */
  async run(): Promise<void> {
    while (!this.#fleet.isStopping) {
      await this.#runOnce();
      await pause(restartAfterMs);
    }
  }

  /** Ends the process at once, as `kill -9` does. */
  kill(): void {
    this.#isKilled = true;
    this.#child?.kill('SIGKILL');
  }

  end(): void {
    this.#child?.kill('SIGTERM');
  }

  /** Sends SIGSTOP, then SIGCONT. A separate process sends both, so that SIGCONT follows even if the test has ended. */
  async freeze(seconds: number): Promise<void> {
    this.isFrozen = true;
    const script = 'kill -STOP "$1"; sleep "$2"; kill -CONT "$1"';
    await once(spawn('sh', ['-c', script, 'freeze', String(this.pid), String(seconds)], { stdio: 'ignore' }), 'close');
    this.isFrozen = false;
  }

  async #runOnce(): Promise<void> {
    this.#isKilled = false;
    const child = this.#start(this);
    this.#child = child;
    let stderr = '';
    child.on('message', ({ listening }: Listening) => {
      this.ports = listening;
      this.#fleet.aim();
    });
    child.stdout?.setEncoding('utf8').on(
      'data',
      lines((text) => this.#fleet.note(this.name, text)),
    );
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    const [end, wasReady] = [code ?? (signal as NodeJS.Signals), this.ports !== undefined];
    this.#child = undefined;
    this.ports = undefined;
    this.#fleet.aim();
    const isOurs = this.#isKilled || this.#fleet.isStopping;
    this.#fleet.deaths.push({ name: this.name, end, isOurs, wasReady, stderr });
    if (stderr !== '') this.#fleet.note(this.name, stderr.trim());
  }
}

/**
 * Replicas of the four services, each in its own process as in production. Clients and other services reach them
 * through proxies that skip replicas whose process has ended. Such a process is restarted a moment later.
 */
export class Fleet {
  readonly replicas: readonly Replica[];
  readonly deaths: Death[] = [];
  readonly log: LogLine[] = [];
  /** The proxies of each service: one for clients, one for the other services. */
  readonly public: Readonly<Record<Service, TcpProxy>>;
  readonly internal: Readonly<Record<Service, TcpProxy>>;
  isStopping = false;
  readonly #running: Promise<void>[];
  readonly #clients: Client[] = [];

  private constructor(options: FleetOptions, doors: Pick<Fleet, 'public' | 'internal'>) {
    this.public = doors.public;
    this.internal = doors.internal;
    const start = (replica: Replica) => this.#spawn(replica, options);
    const numbers = [...Array(options.replicas).keys()];
    this.replicas = services.flatMap((service) => numbers.map((index) => new Replica(this, service, index, start)));
    this.#running = this.replicas.map((replica) => replica.run());
  }

  /** Starts a fleet and waits until all replicas are ready. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options, { public: await openProxies(), internal: await openProxies() });
    try {
      await fleet.ready();
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  /** A client of a service, through its public proxy. */
  client(service: Service): Client {
    const client = new Client(`http://127.0.0.1:${this.public[service].port}`);
    this.#clients.push(client);
    return client;
  }

  /** Resolves when every replica is ready. */
  async ready(): Promise<void> {
    for (let waitedMs = 0; this.replicas.some(({ ports }) => ports === undefined); waitedMs += 20) {
      if (waitedMs > readyWithinMs) throw new Error(`not all replicas became ready:\n${this.#lastWords()}`);
      await pause(20);
    }
  }

  /** Points the proxies at the replicas that listen. */
  aim(): void {
    for (const service of services) {
      const ports = this.replicas.flatMap((replica) => (replica.service === service ? (replica.ports ?? []) : []));
      this.public[service].aim(ports.map(({ port }) => port));
      this.internal[service].aim(ports.map(({ internalPort }) => internalPort));
    }
  }

  note(name: string, text: string): void {
    noteOutput(text);
    const level = Number(/^\{"level":(\d+)/.exec(text)?.[1] ?? 60);
    this.log.push({ name, level, text });
  }

  /** Ends all replicas with SIGTERM, and with SIGKILL those that do not end in time. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const replica of this.replicas) replica.end();
    const late = setTimeout(() => {
      for (const replica of this.replicas) replica.kill();
    }, endWithinMs);
    await Promise.all(this.#running);
    clearTimeout(late);
    for (const client of this.#clients) client.close();
    for (const service of services) {
      await Promise.all([this.public[service].close(), this.internal[service].close()]);
    }
  }

  #spawn({ service }: Replica, { databaseUrls, environment }: FleetOptions): ChildProcess {
    const door = (of: Service) => `http://127.0.0.1:${this.internal[of].port}`;
    return spawn(process.execPath, [join(root, service, 'main.ts')], {
      env: {
        ...keptEnvironment(),
        PORT: '0',
        INTERNAL_PORT: '0',
        DATABASE_URL: databaseUrls[service],
        SERVICE_TOKEN: 'the fleet of a test',
        AUTH_URL: door('auth'),
        EVENTS_URL: door('events'),
        ACCOUNT_URL: door('account'),
        // The few clients of this test send more requests than the limits allow.
        RATE_LIMITS: 'off',
        ...environment,
      },
      // The process reports its ports on the IPC channel, and ends when the process of the test has ended.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  #lastWords(): string {
    return this.log
      .slice(-10)
      .map(({ name, text }) => `${name}: ${text}`)
      .join('\n');
  }
}

async function openProxies(): Promise<Record<Service, TcpProxy>> {
  const proxies = await Promise.all(services.map(async (service) => [service, await TcpProxy.open()] as const));
  return Object.fromEntries(proxies) as Record<Service, TcpProxy>;
}

/** Splits incoming text into lines. */
function lines(each: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) each(part);
  };
}
