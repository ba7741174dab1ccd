/**
 * Whether the service in this container takes requests: exit code 0 or 1. It is the image's health check, which has
 * neither curl nor a shell. A container has a network of its own, so of the five usual ports only one is listened on.
 */
const ports = process.env.PORT ? [process.env.PORT] : [8081, 8082, 8083, 8084, 8085];

async function ask(port: number | string): Promise<void> {
  const { ok } = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(2_000) });
  if (!ok) throw new Error(`not ready on port ${port}`);
}

await Promise.any(ports.map(ask)).catch(() => {
  process.exitCode = 1;
});
