import { parseArgs } from 'node:util';

/** Invalid command-line arguments. The message is one line for the user. */
export class WrongArguments extends Error {
  override name = 'WrongArguments';
}

export const usage = `Runs the four services and their pages as separate processes on PostgreSQL, behind one public port.

  npm run services                    one process of each
  npm run services -- --replicas 2    two of each

The settings are those of \`npm start\`, see docs/reference/settings.md. Without DATABASE_URL it starts its own PostgreSQL server.
`;

const mostReplicas = 16;

/** @throws WrongArguments */
export function readArguments(args: readonly string[]): { readonly replicas: number; readonly help: boolean } {
  const { replicas, help = false } = parse([...args]);
  if (!/^\d{1,3}$/.test(replicas) || Number(replicas) < 1 || Number(replicas) > mostReplicas) {
    throw new WrongArguments(`--replicas must be a number from 1 to ${mostReplicas}, not ${JSON.stringify(replicas)}`);
  }
  return { replicas: Number(replicas), help };
}

function parse(args: string[]) {
  try {
    const replicas = { type: 'string', default: '1' } as const;
    return parseArgs({ args, options: { replicas, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    // The first sentence of Node's message names the error; the rest explains `--`.
    throw new WrongArguments((error as Error).message.split('. ')[0] ?? '');
  }
}
