import type { TSchema } from 'typebox';
import { namedSchemas } from './named.ts';

/** A part of the document: whatever JSON is. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Writes schemas down, those with names once each, under `#/components/schemas`. */
export class Schemas {
  readonly #named = new Map<string, JsonObject>();

  /** A schema as it stands in the document: TypeBox's are JSON Schema, beside what only its types need. */
  write(schema: TSchema): JsonObject {
    const name = namedSchemas.get(schema);
    if (name === undefined) return this.#writeParts(schema) as JsonObject;
    // Before its parts are written, so that one that names itself is no endless way.
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
