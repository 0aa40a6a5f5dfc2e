import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The API that "npm run dev" talks to: a running "sealcase serve".
const api = process.env.SEALCASE_URL ?? 'http://127.0.0.1:8480';

export default defineConfig({
  plugins: [react()],
  // Relative to web/: dist/ holds the placeholder that git keeps, dist/app/ the build that it does not.
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    // The content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: Object.fromEntries(['/api', '/healthz', '/readyz'].map((path) => [path, { target: api }])),
  },
  test: {
    // Logic needs no page; components do.
    projects: [
      { extends: true, test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] } },
      { extends: true, test: { name: 'components', environment: 'jsdom', testTimeout: 30_000, include: ['src/**/*.test.tsx'], setupFiles: ['src/test/setup.ts'] } },
    ],
    // Vitest would take the build for Node, which uploads streams and not files.
    alias: { 'tus-js-client': new URL('node_modules/tus-js-client/lib.esm/browser/index.js', import.meta.url).pathname },
    server: { deps: { inline: ['tus-js-client'] } },
  },
});
