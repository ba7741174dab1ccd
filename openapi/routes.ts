import type { FastifyReply, FastifyRequest } from 'fastify';
import { getDocument } from '../contracts/http/document.ts';
import { route } from '../platform/http/route.ts';
import type { Server } from '../platform/http/server.ts';
import { writeDocument } from './document.ts';
import { type Asset, asset, pageAssets } from './page.ts';

/** Serves the OpenAPI document and the page that shows it. */
export function documentRoutes(server: Server): void {
  const document = asset('application/json; charset=utf-8', JSON.stringify(writeDocument()));
  route(server, getDocument, async (request, reply) => send(request, reply, document) as never);
  for (const [url, page] of Object.entries(pageAssets)) {
    server.get(url, async (request, reply) => send(request, reply, page()));
  }
}

function send({ headers }: FastifyRequest, reply: FastifyReply, { type, bytes, etag }: Asset): FastifyReply {
  reply.headers({ etag, 'cache-control': 'no-cache' });
  if (headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(type).send(bytes);
}
