import type { KnownPeople } from '../../auth/service.ts';

export interface BannerOptions {
  /** Demo people whose public passwords work; undefined without the demo. */
  readonly demoPeople: KnownPeople['demo'] | undefined;
  readonly whereData: string;
}

/** The text that is printed after the start: the address, the demo's accounts, and commands to try. */
export function banner(address: string, { demoPeople, whereData }: BannerOptions): string {
  const lines = [
    '',
    `  Startlist is at ${address} (open it in a browser)`,
    `  Its data is in ${whereData}`,
    ...(demoPeople === undefined ? [] : demoLines(address, demoPeople)),
    '  Press Ctrl-C to stop it.',
    '',
    '',
  ];
  return lines.join('\n');
}

/** A URL that a browser can open: 0.0.0.0 and :: mean all addresses of the machine, so they become the loopback address. */
export function addressToOpen(host: string, port: number | string): string {
  const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}`;
}

function demoLines(address: string, people: KnownPeople['demo']): string[] {
  const danger = 'DEMO: people top up their own balance. Do not expose this server to the internet.';
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
    '  or run the whole session in another terminal:',
    `    npm run walk -- ${address}`,
    '',
  ];
}

const nameAndPassword = ({ login, password }: KnownPeople['demo'][number]) => `    ${login} / ${password}`;
