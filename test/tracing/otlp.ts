import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A received span and its service. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isError: boolean;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Returns attributes as plain values. OTLP writes the type of a value as its key: `{ intValue: 5 }`. */
function valuesOf(pairs: readonly KeyValue[] = []): Record<string, unknown> {
  const value = (each: KeyValue['value']) =>
    'intValue' in each ? Number(each.intValue) : (each.stringValue ?? each.boolValue ?? each.doubleValue);
  return Object.fromEntries(pairs.map((pair) => [pair.key, value(pair.value)]));
}

interface Body {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
}

interface RawSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly links?: readonly { traceId: string; spanId: string }[];
  readonly status?: { readonly code?: number };
}

const milliseconds = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000n) / 1_000;

/**
 * A collector for tests: receives traces by OTLP over HTTP as JSON, and keeps them in memory.
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class Receiver {
  readonly spans: ReceivedSpan[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer(async (request, response) => {
      if (request.method !== 'POST' || request.url !== '/v1/traces') response.writeHead(404).end();
      else {
        receiver.#take((await json(request)) as Body);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      }
    });
    const receiver = new Receiver(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  /** The environment of a program that sends its traces to this receiver, within 100 ms. */
  get environment(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_BSP_SCHEDULE_DELAY: '100' };
  }

  /** The spans of a trace, in the order of their start. */
  trace(traceId: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId).sort((a, b) => a.startMs - b.startMs);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take({ resourceSpans }: Body): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(valuesOf(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({
          ...{ service, name: span.name, traceId: span.traceId, spanId: span.spanId, kind: span.kind },
          parentSpanId: span.parentSpanId || undefined,
          startMs: milliseconds(span.startTimeUnixNano),
          endMs: milliseconds(span.endTimeUnixNano),
          attributes: valuesOf(span.attributes),
          links: span.links ?? [],
          isError: span.status?.code === 2,
        });
      }
    }
  }
}

/** Draws a trace as a tree with service, start and duration of each span, in milliseconds. */
export function drawTrace(spans: readonly ReceivedSpan[]): string {
  const [first] = spans;
  const lines: [string, string][] = [];
  const draw = (span: ReceivedSpan, before: string, branch: string) => {
    const linked = span.links.length > 0 ? `  (${span.links.length} linked)` : '';
    const from = (span.startMs - (first?.startMs ?? 0)).toFixed(1);
    const took = (span.endMs - span.startMs).toFixed(1);
    lines.push([
      `${before}${branch}${span.name}${linked}`,
      `${span.service.padEnd(9)} ${from.padStart(6)} ${took.padStart(6)}`,
    ]);
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);
    const under = before + { '': '', '├─ ': '│  ', '└─ ': '   ' }[branch];
    for (const [index, part] of parts.entries()) draw(part, under, index === parts.length - 1 ? '└─ ' : '├─ ');
  };
  const ids = new Set(spans.map(({ spanId }) => spanId));
  for (const root of spans.filter(({ parentSpanId = '' }) => !ids.has(parentSpanId))) draw(root, '', '');
  const width = Math.max(...lines.map(([tree]) => tree.length), 0);
  return lines.map(([tree, figures]) => `${tree.padEnd(width)}  ${figures}`).join('\n');
}
