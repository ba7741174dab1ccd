import { type CleanedEnv, cleanEnv, EnvMissingError, makeValidator, type ReporterOptions } from 'envalid';

/** The environment, or a part of it, does not say what it must. The message is one line for the person who set it. */
export class WrongConfiguration extends Error {
  override name = 'WrongConfiguration';
}

/**
 * Reads the environment by a specification of `envalid` validators; `source` is usually `process.env`.
 * @throws WrongConfiguration with every variable that is missing or wrong, in one line.
 */
export function readEnvironment<Specs extends Parameters<typeof cleanEnv>[1]>(
  source: NodeJS.ProcessEnv,
  specs: Specs,
): CleanedEnv<Specs> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  return cleanEnv(given, specs, { reporter: complain }) as CleanedEnv<Specs>;
}

function complain({ errors }: ReporterOptions<unknown>): void {
  const lines = Object.entries(errors).map(([name, error]) => `${name}: ${reasonOf(error as Error)}`);
  if (lines.length > 0) throw new WrongConfiguration(lines.join('; '));
}

/** Of a variable that is missing, envalid's message is the description, or `undefined` when it has none. */
function reasonOf(error: Error): string {
  if (!(error instanceof EnvMissingError)) return error.message;
  return error.message === 'undefined' ? 'is missing' : `is missing (${error.message})`;
}

/** A whole number of at least `least` and at most `most`. */
export function integer(least: number, most: number) {
  return makeValidator<number>((text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new Error(`must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  });
}

/** A TCP port. */
export const port = integer(0, 65_535);

/** `true` or `false`, and nothing else. */
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

/** Whether this is a demo: yes, unless `NODE_ENV` is production or `DEMO` says so. */
export function demoSpec(source: NodeJS.ProcessEnv) {
  return flag({ default: source.NODE_ENV !== 'production' });
}

/** The name of the currency, as it is shown behind an amount. */
export const currencySpec = makeValidator<string>((text) => {
  if (/^[\p{L}\p{Sc}][\p{L}\p{Sc}\p{N} .-]{0,19}$/u.test(text)) return text;
  throw new Error(`must be a name such as EUR or points, not ${JSON.stringify(text)}`);
})({ default: 'points' });

/** How many of the digits of an amount stand after the point. */
export const digitsSpec = integer(0, 8)({ default: 0 });

/** How long an answer waits for its booking to settle, in milliseconds. */
export const waitSpec = integer(0, 60_000)({ default: 10_000 });

/** How long a session lasts at most, and how long without being used, in hours. */
export const sessionHoursSpec = integer(1, 8_760)({ default: 7 * 24 });
export const idleHoursSpec = integer(1, 8_760)({ default: 24 });

/** How many open bookings a process holds at most. */
export const maxOpenSpec = integer(1, 1_000_000)({ default: 10_000 });

/** The address of a server, `http://host:port`, and a path in front of all of its own where there is one. */
export const httpUrl = makeValidator<string>((text) => {
  if (/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text) && URL.canParse(text)) return text;
  throw new Error(`must look like http://127.0.0.1:9081, not ${JSON.stringify(text)}`);
});

/** A connection URI of PostgreSQL. Its password is kept out of the complaint. */
export const postgresUrl = makeValidator<string>((text) => {
  if (/^postgres(ql)?:\/\/[^\s]+$/.test(text)) return text;
  throw new Error('must look like postgres://user:password@host:5432/database');
});
