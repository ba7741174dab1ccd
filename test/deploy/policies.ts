import type { Document } from './kubernetes.ts';

/** A pod as network policies see it. */
export interface Peer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
  readonly ports?: Readonly<Record<string, number>>;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: string[] }[];
}

/** Whether a selector matches labels. An empty selector matches everything. */
export function selects(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`the tests do not support the operator ${operator}`);
      return values.includes(labels[key] ?? '');
    })
  );
}

interface Rule {
  readonly from?: readonly Place[];
  readonly to?: readonly Place[];
  readonly ports?: readonly { port: number | string; protocol?: string }[];
}

interface Place {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

/**
 * Whether network policies allow a TCP connection. The egress rules of the sender and the ingress rules of the receiver
 * must both allow it. A pod that no policy selects for a direction allows everything in this direction. Source:
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function mayReach(policies: readonly Document[], from: Peer, to: Peer, port: number): boolean {
  const side = (self: Peer, other: Peer, direction: 'ingress' | 'egress') => {
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    const mine = policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === self.namespace &&
        spec.policyTypes.includes(type) &&
        selects(spec.podSelector, self.labels),
    );
    if (mine.length === 0) return true;
    const rules: Rule[] = mine.flatMap(({ spec }) => spec[direction] ?? []);
    return rules.some((rule) => {
      const places = direction === 'ingress' ? rule.from : rule.to;
      return isOneOf(places, other, self.namespace) && takes(rule.ports, to, port);
    });
  };
  return side(from, to, 'egress') && side(to, from, 'ingress');
}

function isOneOf(places: readonly Place[] | undefined, other: Peer, namespace: string): boolean {
  if (places === undefined) return true;
  return places.some(({ podSelector, namespaceSelector }) => {
    const inNamespace =
      namespaceSelector === undefined
        ? other.namespace === namespace
        : selects(namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace });
    return inNamespace && selects(podSelector ?? {}, other.labels);
  });
}

function takes(ports: Rule['ports'], to: Peer, port: number): boolean {
  if (ports === undefined) return true;
  return ports.some(
    ({ port: allowed, protocol = 'TCP' }) =>
      protocol === 'TCP' && (typeof allowed === 'string' ? to.ports?.[allowed] : allowed) === port,
  );
}
