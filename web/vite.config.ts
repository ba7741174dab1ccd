import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What is smaller than this is sent as it is: the head of a compressed answer costs more than it saves. */
const compressFromBytes = 1_000;

/** Writes each text a second and a third time, compressed as far as it goes: a server then only picks one. */
function compress(): Plugin {
  return {
    name: 'compress',
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(js|css|html|svg)$/.test(name));
      await Promise.all(texts.map((name) => compressFile(join(dir, name))));
    },
  };
}

async function compressFile(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < compressFromBytes) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await Promise.all([
    promisify(brotliCompress)(bytes, { params }).then((small) => writeFile(`${path}.br`, small)),
    promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }).then((small) => writeFile(`${path}.gz`, small)),
  ]);
}

/** How the pages are built (`npm run build:web`), and served while they are worked on (`npm run dev:web`). */
export default defineConfig({
  root: folder('ui'),
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: folder('dist'),
    emptyOutDir: true,
    target: 'es2023',
    // Nothing inline: the pages are served with a policy that allows no inline script or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // How long each plugin took is of no interest on a busy machine.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  plugins: [compress()],
  server: {
    // Everything that is no page is Startlist's, which `npm start` runs beside it.
    proxy: { '^/(login|logout|register|auth|events|account|book|health|ready)(/|\\?|$)': 'http://127.0.0.1:8080' },
  },
});
