import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,engine,electron,renderer,backend,build,native,tests}/**/*.test.{ts,tsx}', 'containers/compressor/**/*.test.ts'],
    // Far above what anything takes: they end what hangs, and say nothing about speed (bench/ does).
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000, interval: 50 } },
    pool: 'forks',
    maxWorkers: 2,
  },
})
