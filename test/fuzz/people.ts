import { scopes } from '../../contracts/scopes.ts';
import type { Database } from '../../platform/database/database.ts';
import { type Client, deposit, expect, signIn } from '../support/system.ts';
import type { Asker } from './requests.ts';

/** The credential headers of a caller. */
export type Keys = Readonly<Record<string, string>>;

const stranger = {
  cookie: 'session_id=00000000-0000-4000-8000-000000000000',
  'x-user-id': '1',
  'x-user-role': 'admin',
};

/**
 * The callers, each a person with a role and money. The role is stored before the first sign-in, so that no cached
 * session has an older role. Requests may end sessions and change roles; a caller that has lost access is replaced by a
 * new person.
 */
export class People {
  readonly #client: Client;
  readonly #database: Database;
  readonly #name: string;
  readonly #keys = new Map<Asker, Keys>([
    ['nobody', {}],
    ['stranger', stranger],
  ]);
  #made = 0;

  constructor(client: Client, database: Database, name: string) {
    this.#client = client;
    this.#database = database;
    this.#name = name;
  }

  async keysOf(asker: Asker): Promise<Keys> {
    const known = this.#keys.get(asker);
    if (known !== undefined) return known;
    const keys = await this.#make(asker === 'token' ? 'organizer' : asker);
    const made = asker === 'token' ? await this.#tokenOf(keys) : keys;
    this.#keys.set(asker, made);
    return made;
  }

  /** Makes the next request of this kind of caller use a new person. */
  replace(asker: Asker): void {
    if (asker !== 'nobody' && asker !== 'stranger') this.#keys.delete(asker);
  }

  async #make(role: string): Promise<Keys> {
    this.#made += 1;
    const [login, password] = [`${this.#name}-${this.#made}`, `a password of ${this.#name}`];
    const body = { login, password, email: '', first_name: role, last_name: '' };
    const { id } = await expect<{ id: number }>(201, this.#client.ask('POST', '/register', { body }));
    await this.#database.query('update auth.person set role = $1 where id = $2', [role, id]);
    const person = await signIn(this.#client, login, password);
    await deposit(this.#client, person, 1_000);
    return { cookie: person.cookie };
  }

  async #tokenOf({ cookie = '' }: Keys): Promise<Keys> {
    const body = { name: 'fuzz', scopes: [...scopes] };
    const { token } = await expect<{ token: string }>(201, this.#client.ask('POST', '/auth/tokens', { cookie, body }));
    return { authorization: `Bearer ${token}` };
  }
}
