import { type CleanedEnv, cleanEnv, EnvMissingError, makeValidator, type ReporterOptions } from 'envalid';

/** Thrown for missing or invalid environment variables. The message is one line for the operator. */
export class WrongConfiguration extends Error {
  override name = 'WrongConfiguration';
}

/**
 * Reads environment variables with `envalid` validators; `source` is usually `process.env`.
 * @throws WrongConfiguration with all missing and invalid variables in one line.
 */
export function readEnvironment<Specs extends Parameters<typeof cleanEnv>[1]>(
  source: NodeJS.ProcessEnv,
  specs: Specs,
): CleanedEnv<Specs> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  return cleanEnv(given, specs, { reporter: report }) as CleanedEnv<Specs>;
}

function report({ errors }: ReporterOptions<unknown>): void {
  const lines = Object.entries(errors).map(([name, error]) => `${name}: ${reasonOf(error as Error)}`);
  if (lines.length > 0) throw new WrongConfiguration(lines.join('; '));
}

/** Explains an error. For a missing variable, envalid's message is only its description, or the text `undefined`. */
function reasonOf(error: Error): string {
  if (!(error instanceof EnvMissingError)) return error.message;
  return error.message === 'undefined' ? 'is missing' : `is missing (${error.message})`;
}

/** An integer from `least` to `most`. */
export function integer(least: number, most: number) {
  return makeValidator<number>((text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new Error(`must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  });
}

/** A TCP port. */
export const port = integer(0, 65_535);

/** `true` or `false`. */
export const flag = makeValidator<boolean>((text) => {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Error(`must be true or false, not ${JSON.stringify(text)}`);
});

/** One of several words. */
export function choice<const Words extends readonly string[]>(...words: Words) {
  return makeValidator<Words[number]>((text) => {
    if (words.includes(text)) return text as Words[number];
    throw new Error(`must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}, not ${JSON.stringify(text)}`);
  });
}

/** `DEMO`: true by default, except when `NODE_ENV` is production. */
export function demoSpec(source: NodeJS.ProcessEnv) {
  return flag({ default: source.NODE_ENV !== 'production' });
}

/** The name of the currency, shown after an amount. */
export const currencySpec = makeValidator<string>((text) => {
  if (/^[\p{L}\p{Sc}][\p{L}\p{Sc}\p{N} .-]{0,19}$/u.test(text)) return text;
  throw new Error(`must be a name such as EUR or points, not ${JSON.stringify(text)}`);
})({ default: 'points' });

/** The number of decimal places of an amount. */
export const digitsSpec = integer(0, 8)({ default: 0 });

/** The maximum time that a request waits for its booking to settle, in milliseconds. */
export const waitSpec = integer(0, 60_000)({ default: 10_000 });

/** The maximum duration of a session, in hours. */
export const sessionHoursSpec = integer(1, 8_760)({ default: 7 * 24 });
/** The time without use after which a session ends, in hours. */
export const idleHoursSpec = integer(1, 8_760)({ default: 24 });

/** The maximum number of open bookings in one process. */
export const maxOpenSpec = integer(1, 1_000_000)({ default: 10_000 });

/** The URL of a server, `http://host:port`, optionally with a path prefix. */
export const httpUrl = makeValidator<string>((text) => {
  if (/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text) && URL.canParse(text)) return text;
  throw new Error(`must look like http://127.0.0.1:9081, not ${JSON.stringify(text)}`);
});

/** A PostgreSQL connection URI. The error message does not quote the URI, which contains the password. */
export const postgresUrl = makeValidator<string>((text) => {
  if (/^postgres(ql)?:\/\/[^\s]+$/.test(text)) return text;
  throw new Error('must look like postgres://user:password@host:5432/database');
});
