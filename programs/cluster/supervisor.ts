import { fileURLToPath } from 'node:url';
import { type Backend, backends } from '../../contracts/services.ts';
import type { Listening } from '../../platform/process/ipc.ts';
import { freeOrAny } from '../../platform/process/ports.ts';
import type { DestinationStream, Logger } from '../../platform/telemetry/log.ts';
import type { World } from '../../platform/world.ts';
import type { Order, Ready } from '../gateway/orders.ts';
import type { Replica } from '../gateway/replicas.ts';
import { Child, type ChildOptions } from './child.ts';
import type { Source } from './output.ts';

export interface SupervisorOptions {
  readonly world: World;
  readonly log: Logger;
  readonly output: DestinationStream;
  /** How many processes there are of each service. */
  readonly replicas: number;
  /** Where the gateway listens. */
  readonly host: string;
  readonly port: number;
  /** What all of them are told by their environment: databases, the service token, and what the user has set. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The ports of each service's first replica, when they are free: what it listens on alone, too. */
const usualPorts: Readonly<Record<Backend, readonly [port: number, internalPort: number]>> = {
  auth: [8081, 9081],
  events: [8082, 9082],
  account: [8083, 9083],
  book: [8084, 9084],
  // What serves the pages has nothing to say inside.
  web: [8085, 0],
};
const usualInternalPort = 9080;

/** The gateway says who asks, and whoever it believes says it to the gateway. */
const trusted = (said: string | undefined) => ['127.0.0.1', '::1', ...(said ? [said] : [])].join(',');

/** How long a service still takes requests when it ends: the gateway asks ten times a second who is ready. */
const drainMs = 300;
/** How long all services together may take to end, in milliseconds, before those that are left are killed. */
const endWithinMs = 11_000;

const programOf = (name: Source['service']) =>
  fileURLToPath(new URL(name === 'gateway' ? '../gateway/main.ts' : `../../${name}/main.ts`, import.meta.url));

/** The gateway and the services behind it, each a process that is started again when it dies. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #gateway: Child;
  readonly #children: { readonly service: Backend; readonly child: Child }[] = [];
  /** Where the replicas are that answer, by their child. */
  readonly #replicas = new Map<Child, Replica>();
  #gatewayAt: { port: number; internalPort: number } | undefined;
  #onListening: () => void = () => {};
  #onReady: () => void = () => {};

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#gateway = this.#child({
      source: { service: 'gateway' },
      environment: () => this.#gatewayEnvironment(),
      onMessage: (message) => this.#hearGateway(message as Listening | Ready),
      onGone() {},
    });
    for (const service of backends) {
      for (let replica = 1; replica <= options.replicas; replica += 1) this.#add(service, replica);
    }
  }

  /** Starts them all. @returns the public port, when each service has a process that is ready. */
  async start(): Promise<number> {
    const ready = new Promise<void>((resolve) => {
      this.#onReady = resolve;
    });
    // The services must know at which port they reach each other.
    await new Promise<void>((resolve) => {
      this.#onListening = resolve;
      void this.#gateway.start();
    });
    await Promise.all(this.#children.map(({ child }) => child.start()));
    await ready;
    return this.#gatewayAt?.port ?? 0;
  }

  /**
   * Ends them in the order in which nobody misses another: nothing new comes in, book ends what is under way with the
   * others' help, then these end, and last the gateway, by which they reach each other.
   */
  async stop(): Promise<void> {
    const tooLate = this.#options.world.later(endWithinMs, () => this.kill());
    this.#order({ close: true });
    await this.#stop(({ service }) => service === 'book');
    await this.#stop(({ service }) => service !== 'book');
    await this.#gateway.stop();
    tooLate.cancel();
  }

  /** Ends them all at once. */
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
        this.#tellReplicas();
      },
    });
    this.#children.push({ service, child });
  }

  #answers(child: Child, service: Backend, { listening: { port, internalPort } }: Listening): void {
    const at = (number: number) => `http://127.0.0.1:${number}`;
    this.#replicas.set(child, { service, publicUrl: at(port), internalUrl: at(internalPort) });
    this.#tellReplicas();
  }

  #hearGateway(message: Listening | Ready): void {
    if ('ready' in message) this.#onReady();
    else {
      this.#gatewayAt = message.listening;
      this.#tellReplicas();
      this.#onListening();
    }
  }

  #tellReplicas(): void {
    this.#order({ replicas: [...this.#replicas.values()] });
  }

  #order(order: Order): void {
    this.#gateway.send(order);
  }

  async #stop(which: (each: { service: Backend }) => boolean): Promise<void> {
    await Promise.all(this.#children.filter(which).map(({ child }) => child.stop()));
  }

  /** Once it is known where it listens, it stays there: the services have its address. */
  async #gatewayEnvironment(): Promise<NodeJS.ProcessEnv> {
    const { environment, host, port } = this.#options;
    const at = this.#gatewayAt ?? { port, internalPort: await freeOrAny(usualInternalPort) };
    return { ...environment, HOST: host, PORT: String(at.port), INTERNAL_PORT: String(at.internalPort) };
  }

  async #serviceEnvironment(service: Backend, replica: number): Promise<NodeJS.ProcessEnv> {
    const usual = replica === 1 ? usualPorts[service] : [0, 0];
    const [port, internalPort] = await Promise.all(usual.map((number) => freeOrAny(number)));
    const inside = `http://127.0.0.1:${this.#gatewayAt?.internalPort}`;
    return {
      ...this.#options.environment,
      HOST: '127.0.0.1',
      PORT: String(port),
      INTERNAL_PORT: String(internalPort),
      AUTH_URL: `${inside}/auth`,
      EVENTS_URL: `${inside}/events`,
      ACCOUNT_URL: `${inside}/account`,
      TRUST_PROXY: trusted(this.#options.environment.TRUST_PROXY),
      DRAIN_MS: String(drainMs),
    };
  }
}
