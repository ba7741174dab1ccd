import type { SharedDatabase } from './database.ts';
import type { History } from './history.ts';
import { type Clock, Life } from './life.ts';
import type { Network, Running, Site } from './network.ts';
import type { Weather } from './weather.ts';
import type { VirtualWorld } from './world.ts';

/** The parts that the processes of a simulation share. */
export interface Ground {
  readonly world: VirtualWorld;
  readonly weather: Weather;
  readonly history: History;
  readonly database: SharedDatabase;
  readonly network: Network;
}

/** A process of the simulation, which is restarted after each end. */
export class ProcessSite<Api> implements Site<Api> {
  readonly name: string;
  readonly #ground: Ground;
  readonly #clock: Clock;
  readonly #open: (life: Life) => Api;
  #running: Running<Api> | undefined;
  #isClosed = false;

  constructor(name: string, ground: Ground, clock: Clock, open: (life: Life) => Api) {
    this.name = name;
    this.#ground = ground;
    this.#clock = clock;
    this.#open = open;
  }

  get running(): Running<Api> | undefined {
    return this.#running;
  }

  start(): void {
    if (this.#isClosed) return;
    const { world, weather, history } = this.#ground;
    const life = new Life(this.name, world, this.#clock);
    history.say(this.name, 'starts');
    this.#running = { life, api: this.#open(life) };
    life.atEnd(() => {
      this.#running = undefined;
      history.say(this.name, 'has ended');
      history.count(`${this.name.replace(/-\d/, '')} ended`);
      world.later(weather.between(50, 4_000), () => this.start());
    });
  }

  /** Ends the process without a restart. */
  close(): void {
    this.#isClosed = true;
    this.#running?.life.end();
  }
}
