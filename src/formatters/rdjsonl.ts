import type { Formatter } from '../formatter.ts'
import { rdfDiagnostics, source } from './rdjson.ts'

/** Reviewdog Diagnostic Format, one diagnostic on each line. */
export default {
  id: 'rdjsonl',
  format(report, options) {
    return rdfDiagnostics(report, options).map(diagnostic => `${JSON.stringify({ ...diagnostic, source })}\n`).join('')
  }
} satisfies Formatter
