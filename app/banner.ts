import type { AppConfig } from './config.ts';

/** What a person reads who has just started it: where it is, who may come in, and what to try next. */
export function banner(address: string, { demo }: Pick<AppConfig, 'demo'>, whereData: string): string {
  const lines = [
    '',
    `  Startlist is at ${address} (open it in a browser)`,
    `  Its data is in ${whereData}`,
    ...(demo ? demoLines(address) : []),
    '  Ctrl-C ends it.',
    '',
    '',
  ];
  return lines.join('\n');
}

function demoLines(address: string): string[] {
  return [
    '  DEMO: everyone knows these people, and people top up their own balance. Never so on the internet.',
    '    admin / password       user / userpassword',
    '',
    '  Try:',
    `    curl -c cookies -X POST ${address}/login -d '{"login":"admin","password":"password"}'`,
    `    curl -b cookies -X PUT ${address}/account/deposit -d '{"delta":100}'`,
    '  or the whole story at once, in another terminal:',
    `    npm run walk -- ${address}`,
    '',
  ];
}
