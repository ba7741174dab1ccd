/**
 * Hop-by-hop headers (RFC 9110, 7.6.1). `Expect` is dropped as well: the gateway's own server answers it.
 */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * The headers to forward, as alternating names and values. Case, order and repeated headers are kept.
 */
export function endToEnd(raw: readonly string[]): string[] {
  const left = new Set([...ofConnection, 'expect']);
  for (let at = 0; at < raw.length; at += 2) {
    if (raw[at]?.toLowerCase() !== 'connection') continue;
    for (const name of raw[at + 1]?.split(',') ?? []) left.add(name.trim().toLowerCase());
  }
  return raw.filter((_, at) => !left.has(raw[at - (at % 2)]?.toLowerCase() ?? ''));
}
