import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The path of Chromium on Debian. The variable `CHROMIUM` overrides it. */
const program = process.env.CHROMIUM || '/usr/bin/chromium';

/** The reason to skip browser tests, or false if there is a browser. A value for `skip` of node:test. */
export const browserMissing: string | false = missing();

function missing(): string | false {
  if (!existsSync(program)) return `browser tests skipped: ${program} does not exist (set CHROMIUM to use another)`;
  const { status, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status !== 0 && `browser tests skipped: ${program} does not run: ${stderr}`;
}

/**
 * Starts headless Chromium with a temporary profile. It can run as root, uses no GPU and has no background traffic. Pages
 * get a camera that shows a test picture, without asking.
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
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });
}
