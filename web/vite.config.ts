import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Smaller files are not compressed: the headers of a compressed response would cost more than compression saves. */
const compressFromBytes = 1_000;

/** Writes a Brotli and a gzip copy of each text file at the best compression, so the server compresses nothing. */
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

/** Builds the pages (`npm run build:web`) and serves them during development (`npm run dev:web`). */
export default defineConfig({
  root: folder('ui'),
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: folder('dist'),
    emptyOutDir: true,
    target: 'es2023',
    // The Content-Security-Policy allows no inline script or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Without this, Vite warns about slow plugins on a busy machine.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  plugins: [compress()],
  server: {
    // Requests to the API go to the Startlist that `npm start` runs.
    proxy: { '^/(login|logout|register|auth|events|account|book|health|ready)(/|\\?|$)': 'http://127.0.0.1:8080' },
  },
});
