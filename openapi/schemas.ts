import type { TSchema } from 'typebox';
import { namedSchemas } from './named.ts';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Writes schemas as JSON. Each named schema is written once, under `#/components/schemas`. */
export class Schemas {
  readonly #named = new Map<string, JsonObject>();

  /** Writes a TypeBox schema as plain JSON Schema. */
  write(schema: TSchema): JsonObject {
    const name = namedSchemas.get(schema);
    if (name === undefined) return this.#writeParts(schema) as JsonObject;
    // Registered before its parts are written: a recursive schema would not end otherwise.
    if (!this.#named.has(name)) {
      this.#named.set(name, {});
      this.#named.set(name, this.#writeParts(schema) as JsonObject);
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
    return namedSchemas.has(part as TSchema) ? this.write(part as TSchema) : this.#writeParts(part);
  }
}
