import { Conflict, KeyInFlight, OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import type { Site } from './network.ts';
import type { Ground } from './sites.ts';
import { Planted } from './weather.ts';

/**
 * The outcome of a client's request. After `unavailable` and `refused` nothing was done; after `unknown` the request
 * may have been carried out.
 */
export type Outcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'unavailable' | 'refused' | 'unknown' };

/** Carries the requests of clients to a process, and brings back how each ended. */
export class Requests {
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async ask<Api, Answer>(
    name: string,
    site: Site<Api>,
    words: string,
    ask: (api: Api) => Promise<Answer>,
  ): Promise<Outcome<Answer>> {
    const { weather, history } = this.#ground;
    history.say(name, `${words} at ${site.name}`);
    await this.#travel();
    const { running } = site;
    const outcome = running === undefined ? ({ kind: 'unavailable' } as const) : await this.#hear(site, ask);
    await this.#travel();
    // When a connection breaks on the way back, the outcome stays unknown to the client.
    const known = weather.strikes('client cut off') ? ({ kind: 'unknown' } as const) : outcome;
    history.count(`client: ${known.kind}`);
    history.say(name, `${words}: ${known.kind === 'answer' ? JSON.stringify(known.answer) : known.kind}`);
    return known;
  }

  async #hear<Api, Answer>(site: Site<Api>, ask: (api: Api) => Promise<Answer>): Promise<Outcome<Answer>> {
    const { running } = site;
    if (running === undefined) return { kind: 'unavailable' };
    const { life, api } = running;
    return new Promise((resolve) => {
      const forget = life.atEnd(() => resolve({ kind: 'unknown' }));
      ask(api)
        .then(
          (answer) => resolve({ kind: 'answer', answer }),
          (error) => resolve({ kind: this.#kindOf(site.name, error) }),
        )
        .finally(forget);
    });
  }

  #kindOf(site: string, error: unknown): 'unavailable' | 'refused' | 'unknown' {
    if (error instanceof Conflict || error instanceof KeyInFlight) return 'refused';
    if (error instanceof OutcomeUnknown || error instanceof Planted) return 'unknown';
    if (!(error instanceof Unavailable)) this.#ground.history.blame(`${site} failed a client: ${error}`);
    return error instanceof Unavailable ? 'unavailable' : 'unknown';
  }

  async #travel(): Promise<void> {
    const { world, weather } = this.#ground;
    await new Promise<void>((resolve) => void world.later(weather.between(0, 4), resolve));
  }
}
