import cors from '@fastify/cors';
import { type CleanedEnv, makeValidator } from 'envalid';
import type { FastifyInstance } from 'fastify';
import { choice, integer } from '../../config.ts';
import type { World } from '../../world.ts';
import { type ConnectionCaps, capConnections } from './connection-limits.ts';
import { refuseCrossSite } from './csrf.ts';
import { limitRates, type Rates } from './rate-limits.ts';
import { type Rate, rate } from './rate-meter.ts';
import { sendSecurityHeaders } from './security-headers.ts';
import { type Trust, trustProxy } from './trusted-proxies.ts';

/** Edge protection of a public server: connection caps, rate limits, CORS, CSRF. */
export interface Edge {
  /** The proxies whose forwarded address, scheme and host are trusted. None by default. */
  readonly trust?: Trust | undefined;
  /** The other origins whose pages may read and write. */
  readonly origins: readonly string[];
  /** The rate limits. Absent when rates are not limited. */
  readonly rates?: (Rates & LoginRates) | undefined;
  readonly connections?: ConnectionCaps | undefined;
}

/** Limits of failed logins and of registrations, across all replicas. */
export interface LoginRates {
  /** The rate of wrong passwords for one account from one browser or address. */
  readonly login: Rate;
  /** The rate of wrong passwords for one account from all places where its person never signed in. */
  readonly loginAccount: Rate;
  /** The rate of wrong passwords from one address, for all accounts that never signed in there. */
  readonly loginAddress: Rate;
  /** The rate of registrations from one address. */
  readonly register: Rate;
}

/** A comma-separated list of origins. */
const origins = makeValidator<readonly string[]>((text) => {
  const found = text.split(',').map((origin) => origin.trim());
  for (const origin of found) {
    if (URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).origin === origin) continue;
    throw new Error(`must be origins such as https://example.org, separated by commas, not ${JSON.stringify(text)}`);
  }
  return found;
});

/** The maximum value of a connection setting. Node raises the limit of open files by itself. */
const mostConnections = 1_000_000;

export const edgeSpecs = {
  TRUST_PROXY: trustProxy({ default: undefined }),
  ALLOWED_ORIGINS: origins({ default: [] }),
  RATE_LIMITS: choice('on', 'off')({ default: 'on' }),
  RATE_LIMIT_PERSON: rate({ default: { count: 600, windowMs: 60_000 } }),
  RATE_LIMIT_ADDRESS: rate({ default: { count: 1_200, windowMs: 60_000 } }),
  RATE_LIMIT_LOGIN: rate({ default: { count: 10, windowMs: 15 * 60_000 } }),
  RATE_LIMIT_LOGIN_ACCOUNT: rate({ default: { count: 50, windowMs: 60 * 60_000 } }),
  RATE_LIMIT_LOGIN_ADDRESS: rate({ default: { count: 100, windowMs: 15 * 60_000 } }),
  RATE_LIMIT_REGISTER: rate({ default: { count: 100, windowMs: 60 * 60_000 } }),
  MAX_CONNECTIONS: integer(1, mostConnections)({ default: 10_000 }),
  MAX_CONNECTIONS_PER_ADDRESS: integer(1, mostConnections)({ default: 1_000 }),
};

type EdgeSettings = Readonly<CleanedEnv<typeof edgeSpecs>>;

export function edgeOf(env: EdgeSettings): Edge {
  return {
    trust: env.TRUST_PROXY,
    origins: env.ALLOWED_ORIGINS,
    rates: env.RATE_LIMITS === 'on' ? ratesOf(env) : undefined,
    connections: { total: env.MAX_CONNECTIONS, perAddress: env.MAX_CONNECTIONS_PER_ADDRESS },
  };
}

function ratesOf(env: EdgeSettings): Rates & LoginRates {
  return {
    person: env.RATE_LIMIT_PERSON,
    address: env.RATE_LIMIT_ADDRESS,
    login: env.RATE_LIMIT_LOGIN,
    loginAccount: env.RATE_LIMIT_LOGIN_ACCOUNT,
    loginAddress: env.RATE_LIMIT_LOGIN_ADDRESS,
    register: env.RATE_LIMIT_REGISTER,
  };
}

/** Protects all routes of a public server. The cheapest check runs first. */
export function protectEdge(server: FastifyInstance, edge: Edge, world: World): void {
  if (edge.connections) capConnections(server.server, edge.connections, edge.trust);
  sendSecurityHeaders(server);
  refuseCrossSite(server, edge.origins);
  if (edge.origins.length > 0) server.register(cors, corsOptions(edge.origins));
  if (edge.rates) limitRates(server, edge.rates, world);
}

/** CORS options with which pages of the allowed origins act as the signed-in person, like our own pages. */
function corsOptions(allowed: readonly string[]) {
  return {
    origin: [...allowed],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['Location', 'Link', 'ETag', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    maxAge: 600,
  };
}
