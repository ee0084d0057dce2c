import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { licences } from './licences.ts'

const root = fileURLToPath(new URL('../renderer', import.meta.url))

/** The screens' bundle. Relative addresses, so that the same files serve from loopback HTTP and from spaceport://. */
export default defineConfig({
  root,
  base: './',
  plugins: [react()],
  // Settings > About lists them.
  define: { LICENCES: JSON.stringify(licences(fileURLToPath(new URL('..', import.meta.url)))) },
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome140',
    // The stage's chunk carries three and Spark with its wasm inlined: one lazy load from disk, never over a network.
    chunkSizeWarningLimit: 6000,
    reportCompressedSize: false,
    // The strict CSP loads fonts from files only, never from data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
