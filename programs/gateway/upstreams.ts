import { backendOfPart, firstPart } from '../../contracts/http/paths.ts';
import { type Backend, services } from '../../contracts/services.ts';

/** Which service a request is for, and the address that it has there. */
export interface Upstream {
  readonly service: Backend;
  readonly url: string;
}

/** Public requests go by the first part of their path, and keep it. */
export function publicUpstream(url: string): Upstream | undefined {
  const service = backendOfPart.get(firstPart(url));
  return service && { service, url };
}

/** Internal ones have the service's name before their path: `/events/internal/occupy`. */
export function internalUpstream(url: string): Upstream | undefined {
  const [, name, rest] = /^\/([^/]*)(\/internal\/.*)$/.exec(url) ?? [];
  const service = services.find((each) => each === name);
  return service && rest ? { service, url: rest } : undefined;
}
