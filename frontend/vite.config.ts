/// <reference types="vitest/config" />
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const PAGES = '../src/beatrunner/web/static';
const SERVER = 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [
    sveltekit({
      compilerOptions: { runes: true },
      adapter: adapter({ pages: PAGES, assets: PAGES, fallback: 'index.html' }),
    }),
  ],
  server: { proxy: { '/v1': SERVER, '/health': SERVER } },
  preview: { proxy: { '/v1': SERVER, '/health': SERVER } },
  test: { include: ['src/**/*.test.ts'] },
});
