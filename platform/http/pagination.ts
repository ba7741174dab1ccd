import type { FastifyReply, FastifyRequest } from 'fastify';

/** A page of a list: at most `limit` items whose id is above `after`, in the order of their ids. */
export interface Page {
  readonly limit: number;
  readonly after: number;
}

/** Links the next page (`Link` header, RFC 8288) when this one is full. Other query parameters are kept. */
export function linkNextPage(request: FastifyRequest, reply: FastifyReply, page: Page, items: { id: number }[]): void {
  const last = items.at(-1);
  if (last === undefined || items.length < page.limit) return;
  linkPageAfter(request, reply, { ...page, after: last.id });
}

/** Links the page after an id, for lists that decide by another rule whether there is more. */
export function linkPageAfter(request: FastifyRequest, reply: FastifyReply, { limit, after }: Page): void {
  const next = new URL(request.url, 'http://localhost');
  next.searchParams.set('limit', String(limit));
  next.searchParams.set('after', String(after));
  reply.header('link', `<${next.pathname}${next.search}>; rel="next"`);
}
