import type { KnownPeople } from '../../auth/service.ts';

/** What a person reads about a Startlist beside its address. */
export interface Told {
  /** In the demo: whose passwords, known to everyone, are good here. */
  readonly demoPeople: KnownPeople['demo'] | undefined;
  readonly whereData: string;
}

/** What a person reads who has just started it: where it is, who may come in, and what to try next. */
export function banner(address: string, { demoPeople, whereData }: Told): string {
  const lines = [
    '',
    `  Startlist is at ${address} (open it in a browser)`,
    `  Its data is in ${whereData}`,
    ...(demoPeople === undefined ? [] : demoLines(address, demoPeople)),
    '  Ctrl-C ends it.',
    '',
    '',
  ];
  return lines.join('\n');
}

/** An address that a browser can open: 0.0.0.0 and :: stand for all addresses of a machine, and are none. */
export function addressToOpen(host: string, port: number | string): string {
  const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}`;
}

function demoLines(address: string, people: KnownPeople['demo']): string[] {
  const danger = 'DEMO: people top up their own balance. Do not expose it to the internet.';
  if (!people.some(({ login }) => login === 'admin')) {
    return [
      `  ${danger}`,
      '    The demo password of admin does not work: the data was created without the demo, or the password was changed.',
      '    npm run admin -- reset-password creates a token to set a new one.',
      ...people.map(nameAndPassword),
      '',
    ];
  }
  return [
    `  ${danger} These accounts have public passwords:`,
    ...people.map(nameAndPassword),
    '',
    '  Try:',
    `    curl -c cookies -X POST ${address}/login -d '{"login":"admin","password":"password"}'`,
    `    curl -b cookies -X PUT ${address}/account/deposit -d '{"delta":100}'`,
    '  or the whole session, in another terminal:',
    `    npm run walk -- ${address}`,
    '',
  ];
}

const nameAndPassword = ({ login, password }: KnownPeople['demo'][number]) => `    ${login} / ${password}`;
