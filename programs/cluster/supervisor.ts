import { fileURLToPath } from 'node:url';
import { type Backend, backends } from '../../contracts/services.ts';
import type { Listening } from '../../platform/process/ipc.ts';
import { freeOrAny } from '../../platform/process/ports.ts';
import type { DestinationStream, Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import type { GatewayCommand, Ready } from '../gateway/messages.ts';
import type { Replica } from '../gateway/replicas.ts';
import { Child, type ChildOptions } from './child.ts';
import type { Source } from './output.ts';

export interface SupervisorOptions {
  readonly world: World;
  readonly log: Logger;
  readonly output: DestinationStream;
  /** Processes per service. */
  readonly replicas: number;
  /** Where the gateway's public port listens. */
  readonly host: string;
  readonly port: number;
  /** The environment of all children: databases, the service token, and the user's settings. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The preferred ports of each service's first replica, the same as when the service runs alone. */
const usualPorts: Readonly<Record<Backend, readonly [port: number, internalPort: number]>> = {
  auth: [8081, 9081],
  events: [8082, 9082],
  account: [8083, 9083],
  book: [8084, 9084],
  // The pages have no internal routes.
  web: [8085, 0],
};
const usualInternalPort = 9080;

/** The addresses whose forwarded headers the services trust: the gateway, and the proxies that the user trusts. */
const trusted = (said: string | undefined) => ['127.0.0.1', '::1', ...(said ? [said] : [])].join(',');

/** How long a stopping service still takes requests, in milliseconds. The gateway probes each service every 100 ms. */
const drainMs = 300;
/** The time limit for stopping all services, in milliseconds. Then the remaining processes are killed. */
const endWithinMs = 11_000;

const programOf = (name: Source['service']) =>
  fileURLToPath(new URL(name === 'gateway' ? '../gateway/main.ts' : `../../${name}/main.ts`, import.meta.url));

/** Runs the gateway and the services, each as a process that is restarted when it dies. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #gateway: Child;
  readonly #children: { readonly service: Backend; readonly child: Child }[] = [];
  /** The addresses of the replicas that are listening. */
  readonly #replicas = new Map<Child, Replica>();
  #gatewayAt: { port: number; internalPort: number } | undefined;
  #onListening: () => void = () => {};
  #onReady: () => void = () => {};

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#gateway = this.#child({
      source: { service: 'gateway' },
      environment: () => this.#gatewayEnvironment(),
      onMessage: (message) => this.#handleGateway(message as Listening | Ready),
      onGone() {},
    });
    for (const service of backends) {
      for (let replica = 1; replica <= options.replicas; replica += 1) this.#add(service, replica);
    }
  }

  /** Starts all processes. @returns the public port, once every service has a ready replica. */
  async start(): Promise<number> {
    const ready = new Promise<void>((resolve) => {
      this.#onReady = resolve;
    });
    // The gateway starts first, because the services reach each other through its internal port.
    await new Promise<void>((resolve) => {
      this.#onListening = resolve;
      void this.#gateway.start();
    });
    await Promise.all(this.#children.map(({ child }) => child.start()));
    await ready;
    return this.#gatewayAt?.port ?? 0;
  }

  /**
   * Stops all processes in dependency order: the gateway closes its public port, book finishes its open work (which
   * calls the other services), the other services stop, and the gateway stops last because it carries internal calls.
   */
  async stop(): Promise<void> {
    const tooLate = this.#options.world.later(endWithinMs, () => this.kill());
    this.#send({ close: true });
    await this.#stop(({ service }) => service === 'book');
    await this.#stop(({ service }) => service !== 'book');
    await this.#gateway.stop();
    tooLate.cancel();
  }

  /** Kills all processes at once. */
  kill(): void {
    for (const child of [this.#gateway, ...this.#children.map(({ child }) => child)]) child.kill();
  }

  #child(options: Pick<ChildOptions, 'source' | 'environment' | 'onMessage' | 'onGone'>): Child {
    const { world, log, output } = this.#options;
    return new Child({ ...options, main: programOf(options.source.service), world, log, output });
  }

  #add(service: Backend, replica: number): void {
    const source: Source = { service, replica };
    const child = this.#child({
      source,
      environment: () => this.#serviceEnvironment(service, replica),
      onMessage: (message) => {
        if ('listening' in message) this.#answers(child, service, message as Listening);
      },
      onGone: () => {
        this.#replicas.delete(child);
        this.#sendReplicas();
      },
    });
    this.#children.push({ service, child });
  }

  #answers(child: Child, service: Backend, { listening: { port, internalPort } }: Listening): void {
    const at = (number: number) => `http://127.0.0.1:${number}`;
    this.#replicas.set(child, { service, publicUrl: at(port), internalUrl: at(internalPort) });
    this.#sendReplicas();
  }

  #handleGateway(message: Listening | Ready): void {
    if ('ready' in message) this.#onReady();
    else {
      this.#gatewayAt = message.listening;
      this.#sendReplicas();
      this.#onListening();
    }
  }

  #sendReplicas(): void {
    this.#send({ replicas: [...this.#replicas.values()] });
  }

  #send(command: GatewayCommand): void {
    this.#gateway.send(command);
  }

  async #stop(which: (each: { service: Backend }) => boolean): Promise<void> {
    await Promise.all(this.#children.filter(which).map(({ child }) => child.stop()));
  }

  /** The environment of the gateway. After a restart it keeps its ports, because the services have its address. */
  async #gatewayEnvironment(): Promise<NodeJS.ProcessEnv> {
    const { environment, host, port } = this.#options;
    const at = this.#gatewayAt ?? { port, internalPort: await freeOrAny(usualInternalPort) };
    return { ...environment, HOST: host, PORT: String(at.port), INTERNAL_PORT: String(at.internalPort) };
  }

  async #serviceEnvironment(service: Backend, replica: number): Promise<NodeJS.ProcessEnv> {
    const usual = replica === 1 ? usualPorts[service] : [0, 0];
    const [port, internalPort] = await Promise.all(usual.map((number) => freeOrAny(number)));
    const internalUrl = `http://127.0.0.1:${this.#gatewayAt?.internalPort}`;
    return {
      ...this.#options.environment,
      HOST: '127.0.0.1',
      PORT: String(port),
      INTERNAL_PORT: String(internalPort),
      AUTH_URL: `${internalUrl}/auth`,
      EVENTS_URL: `${internalUrl}/events`,
      ACCOUNT_URL: `${internalUrl}/account`,
      TRUST_PROXY: trusted(this.#options.environment.TRUST_PROXY),
      DRAIN_MS: String(drainMs),
    };
  }
}
