/**
 * The health check of the image, which has neither curl nor a shell. Exits with 0 when the service in this container
 * takes requests, otherwise with 1. A container has its own network, so only one of the five usual ports is in use.
 */
const ports = process.env.PORT ? [process.env.PORT] : [8081, 8082, 8083, 8084, 8085];

async function ask(port: number | string): Promise<void> {
  const { ok } = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(2_000) });
  if (!ok) throw new Error(`not ready on port ${port}`);
}

await Promise.any(ports.map(ask)).catch(() => {
  process.exitCode = 1;
});
