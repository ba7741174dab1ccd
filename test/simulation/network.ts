import type { Account } from '../../contracts/account/calls.ts';
import type { Events } from '../../contracts/events/calls.ts';
import type { StepRequest } from '../../contracts/step.ts';
import { OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { reading } from '../../platform/rpc/call.ts';
import type { History } from './history.ts';
import { type Life, never } from './life.ts';
import type { Poison } from './scenario.ts';
import { Planted, type Weather } from './weather.ts';
import { Witness } from './witness.ts';
import type { VirtualWorld } from './world.ts';

/** A running process with its API. */
export interface Running<Api> {
  readonly life: Life;
  readonly api: Api;
}

/** A process of the simulation as its callers see it; `running` is undefined between its end and its restart. */
export interface Site<Api> {
  readonly name: string;
  readonly running: Running<Api> | undefined;
}

interface Message<Api> {
  readonly caller: Life;
  readonly site: Site<Api>;
  readonly action: string;
  readonly asked: readonly StepRequest[];
  readonly ask: (api: Api) => Promise<unknown>;
  /** The number of the message in the order of sending, which shows when another message overtakes it. */
  readonly place: number;
}

type Reply = { readonly value: unknown } | { readonly error: unknown };

/** The network between book and its participants. It loses, delays, reorders, duplicates and corrupts messages. */
export class Network {
  readonly witness: Witness;
  readonly #world: VirtualWorld;
  readonly #weather: Weather;
  readonly #history: History;
  readonly #timeoutMs: number;
  readonly #poisons: readonly Poison[];
  readonly #arrived = new Map<string, number>();
  #sent = 0;
  #isCalm = false;
  #underWay = 0;

  constructor(
    world: VirtualWorld,
    weather: Weather,
    history: History,
    options: { readonly timeoutMs: number; readonly poisons: readonly Poison[] },
  ) {
    this.#world = world;
    this.#weather = weather;
    this.#history = history;
    this.#timeoutMs = options.timeoutMs;
    this.#poisons = options.poisons;
    this.witness = new Witness(history);
  }

  /** The number of messages in flight. Duplicates count as well, although nobody receives the replies to them. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Stops the failures that poisoned bookings cause. */
  calm(): void {
    this.#isCalm = true;
  }

  events(caller: Life, site: Site<Events>): Events {
    return {
      occupy: (set) => this.#send(caller, site, 'occupy', set, (api, copy) => api.occupy(copy)),
      release: (set) => this.#send(caller, site, 'release', set, (api, copy) => api.release(copy)),
      ...this.reads(caller, site, 'heldAtCanceled', 'describe'),
    };
  }

  account(caller: Life, site: Site<Account>): Account {
    return {
      pay: (set) => this.#send(caller, site, 'pay', set, (api, copy) => api.pay(copy)),
      refund: (set) => this.#send(caller, site, 'refund', set, (api, copy) => api.refund(copy)),
    };
  }

  /** Returns the read-only calls of a participant with these names, sent through this network. */
  reads<Api, Name extends keyof Api & string>(caller: Life, site: Site<Api>, ...names: Name[]): Pick<Api, Name> {
    type Read = (asked: unknown) => Promise<unknown>;
    const read = (name: Name): Read => {
      return (asked) => reading(() => this.#send(caller, site, name, [], (api) => (api[name] as Read)(asked)));
    };
    return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as Pick<Api, Name>;
  }

  #send<Api, Request extends StepRequest, Answer>(
    caller: Life,
    site: Site<Api>,
    action: string,
    asked: readonly Request[],
    ask: (api: Api, asked: readonly Request[]) => Promise<Answer>,
  ): Promise<Answer> {
    if (caller.isOver) return never();
    // The message carries a copy, so that later changes by the caller do not reach it.
    const copy = structuredClone(asked);
    this.#sent += 1;
    const message = { caller, site, action, asked: copy, ask: (api: Api) => ask(api, copy), place: this.#sent };
    return new Promise((resolve, reject) => {
      const answer = (reply: Reply) => {
        timer.cancel();
        if (caller.isOver) return;
        if ('value' in reply) resolve(reply.value as Answer);
        else reject(reply.error);
      };
      const timer = this.#world.later(this.#timeoutMs, () =>
        answer({ error: new OutcomeUnknown(`${site.name} did not answer ${action} in time`) }),
      );
      this.#carry(message, answer);
    });
  }

  /** Delivers a message to its site, perhaps twice or never, and brings the reply back. */
  #carry<Api>(message: Message<Api>, answer: (reply: Reply) => void): void {
    const { caller, site, action, asked } = message;
    const words = `${action} ${inWords(asked)}`;
    this.#history.say(caller.name, `→ ${site.name}: ${words}`);
    const delayMs = this.#weather.strikes('request delayed') ? this.#weather.between(50, 3_000) : this.#shortMs();
    if (this.#weather.strikes('request lost')) this.#history.say('network', `loses ${words}`);
    else this.#later(delayMs, () => this.#arrive(message, answer));
    if (this.#weather.strikes('request duplicated')) {
      this.#history.say('network', `duplicates ${words}`);
      this.#later(delayMs + this.#weather.between(0, 4_000), () => this.#arrive(message, () => {}));
    }
  }

  /** Hands a message to its site. The message is in flight until the site has answered, or has ended. */
  async #arrive<Api>(message: Message<Api>, answer: (reply: Reply) => void): Promise<void> {
    const { site, action, asked, place } = message;
    if (place < (this.#arrived.get(site.name) ?? 0)) this.#history.count('request overtaken');
    else this.#arrived.set(site.name, place);
    const { running } = site;
    if (running === undefined) {
      this.#history.count('request to an ended process');
      this.#later(this.#shortMs(), () => answer({ error: new Unavailable(`${site.name} cannot be reached`) }));
      return;
    }
    this.witness.asked(message.caller.name, action, asked);
    const reply = await new Promise<Reply>((resolve) => {
      const forget = running.life.atEnd(() => resolve({ error: new OutcomeUnknown(`${site.name} ended`) }));
      this.#underWay += 1;
      this.#askOrPoison(message, running.api)
        .then(
          (value) => resolve({ value }),
          (error) => resolve({ error }),
        )
        .finally(forget);
    });
    this.#underWay -= 1;
    if ('value' in reply) this.witness.heard(action, asked, reply.value);
    else this.witness.failed(site.name, action, reply.error);
    this.#history.say(site.name, `${action} ${inWords(asked)}: ${inShort(reply)}`);
    this.#bringBack(message, reply, answer);
  }

  async #askOrPoison<Api>({ site, asked, ask }: Message<Api>, api: Api): Promise<unknown> {
    const nowMs = this.#world.now();
    const isPoisoned = ({ siteName, bookingId, fromMs, untilMs }: Poison) =>
      siteName === site.name &&
      nowMs >= fromMs &&
      nowMs < untilMs &&
      asked.some((request) => request.bookingId === bookingId);
    const poison = this.#isCalm ? undefined : this.#poisons.find(isPoisoned);
    if (poison === undefined) return ask(api);
    this.#history.count('batch poisoned');
    throw new Planted(`booking ${poison.bookingId} is poisoned`, poison.bookingId);
  }

  #bringBack<Api>({ site, action }: Message<Api>, reply: Reply, answer: (reply: Reply) => void): void {
    if (this.#weather.strikes('reply lost')) {
      // The caller notices a broken connection at once, and a hanging connection only at its timeout.
      if (this.#world.random() < 0.5) {
        this.#later(this.#shortMs(), () =>
          answer({ error: new OutcomeUnknown(`the connection to ${site.name} broke`) }),
        );
      }
      this.#history.say('network', `loses the reply to ${action}`);
    } else if (this.#weather.strikes('reply corrupted')) {
      this.#history.say('network', `corrupts the reply to ${action}`);
      this.#later(this.#shortMs(), () => answer({ error: new Planted(`the reply of ${site.name} is corrupted`) }));
    } else {
      const isLate = this.#weather.strikes('reply late');
      this.#later(isLate ? this.#timeoutMs * this.#weather.between(0.5, 1.5) : this.#shortMs(), () => answer(reply));
    }
  }

  #shortMs(): number {
    return this.#weather.between(0.2, 8);
  }

  #later(delayMs: number, work: () => unknown): void {
    this.#underWay += 1;
    this.#world.later(delayMs, () => {
      this.#underWay -= 1;
      void work();
    });
  }
}

function inWords(asked: readonly StepRequest[]): string {
  return `[${asked.map(({ bookingId }) => bookingId).join(' ')}]`;
}

function inShort(reply: Reply): string {
  if ('error' in reply) return String(reply.error);
  return JSON.stringify(reply.value).replaceAll('"', '').replaceAll('accepted:', '');
}
