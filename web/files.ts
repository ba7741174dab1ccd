import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiParts, firstPart, pageParts } from '../contracts/http/paths.ts';
import type { Server } from '../platform/http/server.ts';

/** Where `npm run build:web` puts the pages. */
export const builtPages = fileURLToPath(new URL('dist', import.meta.url));

const entry = 'index.html';
/** The name of an asset changes with what is in it, so that it can be kept for ever. */
const assetManner = { maxAge: '365d', immutable: true };
/** The entry names the assets: it is asked for each time, and answered with 304 as long as it is the same. */
const entryManner = { cacheControl: false };

/**
 * Serves the pages: one entry at every address of a page, and the assets that it names. Where nothing is, whoever would
 * rather read than parse gets the entry, too, but with 404. What is the API's never gets it.
 * @returns whether there are any pages: without `npm run build:web` nothing is served.
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
