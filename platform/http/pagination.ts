import type { FastifyReply, FastifyRequest } from 'fastify';

/** The page that a request asks for: at most `limit` items with ids above `after`, in the order of ids. */
export interface Page {
  readonly limit: number;
  readonly after: number;
}

/** When this page is full, links the next one (`Link` header, RFC 8288). Other query parameters are kept. */
export function linkNextPage(request: FastifyRequest, reply: FastifyReply, page: Page, items: { id: number }[]): void {
  const last = items.at(-1);
  if (last === undefined || items.length < page.limit) return;
  linkPageAfter(request, reply, { ...page, after: last.id });
}

/** Links the page after an id, for lists with another rule for whether a next page exists. */
export function linkPageAfter(request: FastifyRequest, reply: FastifyReply, { limit, after }: Page): void {
  const next = new URL(request.url, 'http://localhost');
  next.searchParams.set('limit', String(limit));
  next.searchParams.set('after', String(after));
  reply.header('link', `<${next.pathname}${next.search}>; rel="next"`);
}
