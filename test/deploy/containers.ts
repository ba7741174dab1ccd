import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Backend, backends } from '../../contracts/services.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Upstreams } from './nginx.ts';
import type { Podman } from './podman.ts';
import { readPublicPorts, readSettings } from './settings.ts';

const run = promisify(execFile);
const settings = readSettings();
const publicPorts = readPublicPorts();

/** A container that runs a service. */
export interface Container {
  readonly service: Backend;
  readonly name: string;
  /** The IP address, which changes with each start. */
  ip: string;
}

/** The environment of every service, as in compose.yaml. */
const common = {
  DATABASE_URL: 'postgres://postgres@database:5432/postgres',
  SERVICE_TOKEN: 'the token of this test',
  LOG_LEVEL: 'warn',
  // The load comes from one address without pauses.
  RATE_LIMITS: 'off',
};

/** Waits until a new database accepts queries. */
async function takesQuestions(url: string): Promise<void> {
  const database = openPostgres(url, 1);
  try {
    for (let step = 1; ; step += 1) {
      try {
        await database.query('select 1');
        return;
      } catch (error) {
        if (!(error instanceof Unavailable) || step === 100) throw error;
        await pause(200);
      }
    }
  } finally {
    await database.close();
  }
}

/** A podman network with PostgreSQL and replicas of the services, which resolve each other by name. */
export class Containers {
  readonly replicas: Container[] = [];
  readonly #podman: Podman;
  readonly #network = `startlist-${process.pid}`;
  #started = 0;

  constructor(podman: Podman) {
    this.#podman = podman;
  }

  /** Creates the network with PostgreSQL. @returns its URI from the host. */
  async open(): Promise<string> {
    await this.#podman.ask('network', 'create', this.#network);
    const image = await this.#podman.makePostgres();
    const begin = `
      /postgres/bin/initdb -D /tmp/cluster -U postgres -A trust -E UTF8 --no-locale --no-sync &&
      echo 'host all all all trust' >> /tmp/cluster/pg_hba.conf &&
      exec /postgres/bin/postgres -D /tmp/cluster -c listen_addresses='*' -c unix_socket_directories= \\
        -c max_connections=300 -c fsync=off -c shared_buffers=256MB`;
    const name = `${this.#network}-database`;
    const where = [
      '--network',
      this.#network,
      '--network-alias',
      'database',
      '--user',
      '999:999',
      '--shm-size',
      '256m',
    ];
    await this.#podman.ask('run', '--detach', '--name', name, ...where, image, '/bin/sh', '-c', begin);
    await this.#fixAddress();
    const url = `postgres://postgres@${await this.#ipOf(name)}:5432/postgres`;
    await takesQuestions(url);
    return url;
  }

  /**
   * Fixes the MAC address of the bridge. By default a bridge takes the lowest address of its ports, which may change
   * when a container starts or stops. Peers with the old address in their ARP cache then lose packets for a minute or
   * more. Newer versions of netavark fix the address themselves.
   * Source: https://github.com/containers/netavark/pull/833
   */
  async #fixAddress(): Promise<void> {
    const format = '{{.NetworkInterface}}';
    const bridge = await this.#podman.ask('network', 'inspect', '--format', format, this.#network);
    const address = readFileSync(`/sys/class/net/${bridge}/address`, 'utf8').trim();
    await run('ip', ['link', 'set', 'dev', bridge, 'address', address]);
  }

  /** Starts a replica with the restrictions of the manifests: no capabilities, no new privileges, a read-only root. */
  async start(image: string, service: Backend): Promise<Container> {
    this.#started += 1;
    const name = `${this.#network}-${service}-${this.#started}`;
    const urls = (service === 'web' ? [] : settings[service].asks).map((other) => [
      `${other.toUpperCase()}_URL`,
      `http://${other}:${settings[other].internalPort}`,
    ]);
    const environment = { ...common, ...Object.fromEntries(urls), DEMO: 'true', DRAIN_MS: '1000' };
    const strictly = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges'];
    // Podman needs systemd for health checks, which may be missing; the test polls /ready instead.
    const options = ['--detach', '--name', name, '--network', this.#network, '--no-healthcheck', ...strictly];
    options.push('--network-alias', service);
    for (const [key, value] of Object.entries(environment)) options.push('--env', `${key}=${value}`);
    await this.#podman.ask('run', ...options, image, `${service}/main.ts`);
    const container = { service, name, ip: await this.#ipOf(name) };
    this.replicas.push(container);
    await this.#ready(container);
    return container;
  }

  /** The addresses of all replicas except `without`. */
  upstreams(...without: Container[]): Upstreams {
    const addresses = backends.map((service) => [
      service,
      this.replicas
        .filter((replica) => replica.service === service && !without.includes(replica))
        .map(({ ip }) => `${ip}:${publicPorts[service]}`),
    ]);
    return Object.fromEntries(addresses);
  }

  /** Stops a replica with SIGTERM. @returns its exit code and the duration. */
  async stop(replica: Container): Promise<{ code: number; tookMs: number }> {
    const beganMs = performance.now();
    await this.#podman.ask('stop', '--time', '25', replica.name);
    return { code: await this.#gone(replica), tookMs: performance.now() - beganMs };
  }

  /** Kills a replica with SIGKILL, as the kernel's OOM killer does. */
  async kill(replica: Container): Promise<void> {
    await this.#podman.ask('kill', '--signal', 'KILL', replica.name);
    await this.#gone(replica);
  }

  /** Whether the image's health check succeeds in a replica. */
  async isHealthy({ name }: Container): Promise<boolean> {
    return this.#podman.ask('exec', name, 'node', 'deploy/health.ts').then(
      () => true,
      () => false,
    );
  }

  async logOf({ name }: Container): Promise<string> {
    return this.#podman.ask('logs', name);
  }

  async close(): Promise<void> {
    const names = await this.#podman.ask('ps', '--all', '--quiet', '--filter', `network=${this.#network}`);
    if (names !== '') await this.#podman.ask('rm', '--force', '--time', '0', ...names.split('\n'));
    await this.#podman.ask('network', 'rm', '--force', this.#network);
  }

  async #gone(replica: Container): Promise<number> {
    const code = Number(await this.#podman.ask('wait', replica.name));
    this.replicas.splice(this.replicas.indexOf(replica), 1);
    return code;
  }

  async #ready(replica: Container): Promise<void> {
    const port = publicPorts[replica.service];
    for (let step = 0; step < 300; step += 1) {
      // A connection to an address that was just released hangs without a reset.
      const signal = AbortSignal.timeout(2_000);
      const isReady = await fetch(`http://${replica.ip}:${port}/ready`, { signal }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady) return;
      const state = await this.#podman.ask('inspect', '--format', '{{.State.Status}}', replica.name);
      if (state !== 'running') {
        // A replica that started before the database is restarted, as an orchestrator does.
        if (step > 100) throw new Error(`${replica.name} is ${state}: ${await this.logOf(replica)}`);
        await this.#podman.ask('start', replica.name);
        replica.ip = await this.#ipOf(replica.name);
      }
      await pause(200);
    }
    throw new Error(`${replica.name} did not become ready: ${await this.logOf(replica)}`);
  }

  async #ipOf(name: string): Promise<string> {
    const format = `{{(index .NetworkSettings.Networks "${this.#network}").IPAddress}}`;
    return this.#podman.ask('inspect', '--format', format, name);
  }
}
