import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's; `CHROMIUM` names another. */
const program = process.env.CHROMIUM || '/usr/bin/chromium';

/** Why there is no browser here, or `false` when there is one: what `skip` of node:test takes. */
export const browserMissing: string | false = missing();

function missing(): string | false {
  if (!existsSync(program)) return `the browser: skipped, because there is no ${program} (set CHROMIUM to use another)`;
  const { status, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status !== 0 && `the browser: skipped, because ${program} does not run: ${stderr}`;
}

/**
 * Starts Chromium without a window, with a profile of its own that is gone when the browser is closed. It can be root's,
 * needs no graphics card, and asks nothing of the network by itself.
 */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
