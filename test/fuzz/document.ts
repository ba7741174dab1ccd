import { Ajv, type ValidateFunction } from 'ajv';

/** A JSON object of unknown shape. */
export type Part = { readonly [name: string]: never } & Readonly<Record<string, unknown>>;

/** One operation of the document, with its parameters, body and responses. */
export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly responses: Readonly<Record<string, Response>>;
  /** Whether the operation requires a session or a token. */
  readonly wantsSession: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** The JSON Schema keywords that the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  readonly format?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

/** The OpenAPI document as a client reads it, without other knowledge of Startlist. */
export class Interface {
  readonly operations: readonly Operation[];
  readonly #document: Part;
  readonly #ajv = new Ajv({ strict: false, strictNumbers: true, formats: { 'date-time': isMoment } });

  constructor(document: object) {
    this.#document = document as Part;
    this.operations = Object.entries(this.#document.paths as unknown as Record<string, Record<string, Part>>).flatMap(
      ([path, methods]) => Object.entries(methods).map(([method, one]) => this.#read(method, path, one)),
    );
    this.#ajv.addSchema(document, 'asked');
    // Responses are checked more strictly than a client should: undocumented fields are faults.
    this.#ajv.addSchema(closed(document) as object, 'sent');
  }

  /** Follows a `$ref`, if there is one. */
  resolve<Found extends object>(found: Found): Found {
    if (!('$ref' in found) || typeof found.$ref !== 'string') return found;
    const path = found.$ref.slice(2).split('/');
    return this.resolve(path.reduce<unknown>((part, name) => (part as Part)[name], this.#document) as Found);
  }

  /** Checks a value against a schema. A value of a response ("sent") must also have no undocumented fields. */
  check(side: 'asked' | 'sent', schema: Schema, value: unknown): ValidateFunction['errors'] {
    const validate = this.#validator(side, schema);
    return validate(value) ? undefined : (validate.errors ?? []);
  }

  readonly #validators = { asked: new Map<Schema, ValidateFunction>(), sent: new Map<Schema, ValidateFunction>() };

  #validator(side: 'asked' | 'sent', schema: Schema): ValidateFunction {
    const known = this.#validators[side].get(schema);
    if (known !== undefined) return known;
    const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${side}#/`));
    const validate = this.#ajv.compile(side === 'sent' ? (closed(rooted) as object) : rooted);
    this.#validators[side].set(schema, validate);
    return validate;
  }

  #read(method: string, path: string, operation: Part): Operation {
    const {
      operationId,
      parameters = [],
      requestBody,
      responses,
      security,
    } = operation as unknown as {
      operationId: string;
      parameters?: readonly Parameter[];
      requestBody?: { content: Record<string, { schema: Schema }> };
      responses: Record<string, Response>;
      security: readonly object[];
    };
    return {
      operationId,
      method: method.toUpperCase(),
      path,
      parameters: parameters.map((one) => this.resolve(one)),
      body: requestBody?.content['application/json']?.schema,
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, response]) => [status, this.resolve(response)]),
      ),
      wantsSession: !security.some((one) => Object.keys(one).length === 0),
    };
  }
}

/** Copies schemas with `additionalProperties: false` on every object that lists properties. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const parts = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]));
  const isObject =
    parts.type === 'object' && Object.keys(parts.properties ?? {}).length > 0 && !('additionalProperties' in parts);
  return isObject ? { ...parts, additionalProperties: false } : parts;
}

/** Whether a text is a time of RFC 3339 in UTC with milliseconds, as `Date.toJSON` writes it. */
const isMoment = (text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));
