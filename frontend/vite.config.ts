/// <reference types="vitest/config" />
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const PAGES = '../src/beatrunner/web/static';
const SERVER = 'http://127.0.0.1:8000';
// BeatRunner answers only pages of its own origin.
const OWN = { target: SERVER, changeOrigin: true, headers: { origin: SERVER } };
const PROXY = { '/v1': OWN, '/health': OWN, '/ws': { ...OWN, ws: true } };

export default defineConfig({
  plugins: [
    sveltekit({
      compilerOptions: { runes: true },
      adapter: adapter({ pages: PAGES, assets: PAGES, fallback: 'index.html' }),
    }),
  ],
  // The map is large, and loaded only where a map is shown.
  build: { chunkSizeWarningLimit: 1200 },
  server: { proxy: PROXY },
  preview: { proxy: PROXY },
  test: { include: ['src/**/*.test.ts'] },
});
