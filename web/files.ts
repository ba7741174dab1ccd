import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiParts, firstPart, pageParts } from '../contracts/http/paths.ts';
import type { Server } from '../platform/http/server.ts';

/** The output folder of `npm run build:web`. */
export const builtPages = fileURLToPath(new URL('dist', import.meta.url));

const entry = 'index.html';
/** The caching of assets: the name of an asset contains a hash of its content, so browsers can cache it forever. */
const assetManner = { maxAge: '365d', immutable: true };
/**
 * The caching of the entry: it names the assets, so browsers revalidate it each time, and get 304 if it is unchanged.
 */
const entryManner = { cacheControl: false };

/**
 * Serves the entry at every page address, and the assets that it names. For an unknown address a browser gets the entry
 * with 404, and a program gets a problem document. Addresses of the API never get the entry.
 * @returns false if the pages have not been built: then nothing is served.
 */
export function pageRoutes(server: Server, folder = builtPages): boolean {
  if (!existsSync(join(folder, entry))) return false;
  server.register(fastifyStatic, { root: folder, serve: false, preCompressed: true });
  server.get('/assets/*', (request, reply) => reply.sendFile(`assets/${rest(request)}`, assetManner));
  server.get('/*', async (request, reply) => {
    const part = firstPart(request.url);
    if (pageParts.has(part)) return reply.header('cache-control', 'no-cache').sendFile(entry, entryManner);
    if (apiParts.has(part) || !request.headers.accept?.includes('text/html')) return reply.callNotFound();
    return sendNowhere(reply, folder);
  });
  return true;
}

function rest({ params }: FastifyRequest): string {
  return (params as { '*': string })['*'];
}

async function sendNowhere(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const page = await readFile(join(folder, entry));
  return reply.code(404).type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
}
