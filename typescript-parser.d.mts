import type { Plugin } from 'esbuild'

export const typescriptParser: Plugin
