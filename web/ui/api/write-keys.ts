/** A write as it is sent. Two writes with the same content are the same write, sent again. */
export interface Write {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** The body as JSON, or empty. */
  readonly body: string;
}

/** The idempotency key of a write whose outcome is not known. */
export interface WriteKey {
  /** The write itself: method, address and body. */
  readonly slot: string;
  /** Whether a repeat with another key would add something again. */
  readonly isAdding: boolean;
  readonly key: string;
  /** Whether an earlier try was lost, and may have been carried out. */
  isInDoubt: boolean;
}

/** Where keys are kept across a reload of the page. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem'>;

const place = 'startlist.writes';
/**
 * The writes that add something each time. Others set something: a repeat changes nothing, unless another write came in
 * between.
 */
const adding = /^\/(account\/\w+|events\/create|book\/(create|by-hand|check-in))$/;
/** The maximum number of keys. Beyond it the oldest is dropped. */
const mostKept = 200;

/**
 * The idempotency keys of writes. A write keeps its key until its outcome is known, so that sending it again cannot carry
 * it out twice, also after a reload. A write with another content has another key.
 */
export class WriteKeys {
  readonly #kept = new Map<string, WriteKey>();
  readonly #storage: () => KeyStorage;
  readonly #newKey: () => string;

  /** @param storage returns the storage, or throws where the browser blocks it: then keys last as long as the page. */
  constructor(storage: () => KeyStorage, newKey: () => string) {
    this.#storage = storage;
    this.#newKey = newKey;
    for (const stored of this.#read()) this.#kept.set(stored.slot, { ...stored, isInDoubt: true });
  }

  keyOf({ method, url, body: sent }: Write): WriteKey {
    const body = canonical(sent);
    const slot = `${method} ${url} ${body}`;
    const kept = this.#kept.get(slot);
    if (kept !== undefined) return kept;
    const drawn: WriteKey = { slot, isAdding: adding.test(url), key: this.#newKey(), isInDoubt: false };
    this.#kept.set(slot, drawn);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#store();
    return drawn;
  }

  /** Drops a key, because the outcome of its write is known. */
  settle({ slot, key }: WriteKey, isDone: boolean): void {
    if (this.#kept.get(slot)?.key === key) this.#kept.delete(slot);
    // "Price 7" in doubt, then "price 5": from now on "price 7" is another change.
    const others = isDone ? [...this.#kept.values()].filter(({ isAdding, isInDoubt }) => isInDoubt && !isAdding) : [];
    for (const other of others) this.#kept.delete(other.slot);
    this.#store();
  }

  /** Drops the keys of writes to an address: their outcome was seen in another way. */
  forget(url: string): void {
    for (const { slot } of [...this.#kept.values()]) if (slot.split(' ')[1] === url) this.#kept.delete(slot);
    this.#store();
  }

  #read(): WriteKey[] {
    try {
      return JSON.parse(this.#storage().getItem(place) ?? '[]') as WriteKey[];
    } catch {
      return [];
    }
  }

  #store(): void {
    try {
      this.#storage().setItem(place, JSON.stringify([...this.#kept.values()]));
    } catch {
      // The storage is blocked or full.
    }
  }
}

/** JSON with the names of an object in alphabetical order. */
function canonical(json: string): string {
  if (json === '') return '';
  return JSON.stringify(JSON.parse(json), (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** A new idempotency key. */
export function newKey(): string {
  // crypto.randomUUID does not exist on pages without TLS.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
