import { defineConfig } from 'vitest/config'

/** What is too large for every run: `npm run e2e:full`. */
export default defineConfig({ test: { include: ['test/e2e/full/*.e2e.ts'], fileParallelism: false } })
