import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,engine,electron,renderer,backend,build,native,tests}/**/*.test.{ts,tsx}', 'containers/compressor/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
