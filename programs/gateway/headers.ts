/**
 * Headers that are about one connection and not about what travels over it (RFC 9110, 7.6.1). `Expect` is answered by
 * this side's own server.
 */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * The headers that are passed on, as they came: names and values in turn, with their case, their order and those that
 * stand there several times.
 */
export function endToEnd(raw: readonly string[]): string[] {
  const left = new Set([...ofConnection, 'expect']);
  for (let at = 0; at < raw.length; at += 2) {
    if (raw[at]?.toLowerCase() !== 'connection') continue;
    for (const name of raw[at + 1]?.split(',') ?? []) left.add(name.trim().toLowerCase());
  }
  return raw.filter((_, at) => !left.has(raw[at - (at % 2)]?.toLowerCase() ?? ''));
}
