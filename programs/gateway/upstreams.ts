import { backendOfPart, firstPart } from '../../contracts/http/paths.ts';
import { type Backend, services } from '../../contracts/services.ts';

/** The service for a request, and the request's URL at that service. */
export interface Upstream {
  readonly service: Backend;
  readonly url: string;
}

/** Routes a public request by the first part of its path. The URL stays unchanged. */
export function publicUpstream(url: string): Upstream | undefined {
  const service = backendOfPart.get(firstPart(url));
  return service && { service, url };
}

/** Routes an internal request by the service name in front of its path: `/events/internal/occupy`. */
export function internalUpstream(url: string): Upstream | undefined {
  const [, name, rest] = /^\/([^/]*)(\/internal\/.*)$/.exec(url) ?? [];
  const service = services.find((each) => each === name);
  return service && rest ? { service, url: rest } : undefined;
}
