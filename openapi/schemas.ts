import type { TSchema } from 'typebox';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Writes schemas as JSON. Each schema with an `$id` is written once, under `#/components/schemas`. */
export class Schemas {
  readonly #named = new Map<string, JsonObject>();
  readonly #sources = new Map<string, TSchema>();

  /**
   * Writes a TypeBox schema as plain JSON Schema.
   * @throws when two different schemas have the same `$id`.
   */
  write(schema: TSchema): JsonObject {
    const { $id: name, ...parts } = schema as TSchema & { readonly $id?: string };
    if (name === undefined) return this.#writeParts(parts) as JsonObject;
    const earlier = this.#sources.get(name) ?? schema;
    if (earlier !== schema && JSON.stringify(earlier) !== JSON.stringify(schema))
      throw new Error(`two schemas have the $id ${name}`);
    this.#sources.set(name, schema);
    // Registered before its parts are written: otherwise a recursive schema would never end.
    if (!this.#named.has(name)) {
      this.#named.set(name, {});
      this.#named.set(name, this.#writeParts(parts) as JsonObject);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  get named(): JsonObject {
    return Object.fromEntries([...this.#named].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #writeParts(value: unknown): Json {
    if (Array.isArray(value)) return value.map((part) => this.#write(part));
    if (typeof value !== 'object' || value === null) return value as Json;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.#write(part)]));
  }

  #write(part: unknown): Json {
    return isNamed(part) ? this.write(part) : this.#writeParts(part);
  }
}

const isNamed = (part: unknown): part is TSchema => typeof part === 'object' && part !== null && '$id' in part;
