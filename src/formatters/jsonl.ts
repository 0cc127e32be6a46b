import type { Formatter } from '../formatter.ts'
import json from './json.ts'

/** The diagnostics of `json`, one on each line, and lines of the form `{"error":{"path":…,"message":…}}`. */
export default {
  id: 'jsonl',
  format(report, options) {
    const { diagnostics, errors } = JSON.parse(json.format(report, options)) as { diagnostics: object[]; errors: object[] }
    return [...diagnostics, ...errors.map(error => ({ error }))].map(value => `${line(value)}\n`).join('')
  }
} satisfies Formatter

/** Some readers of lines take these for the end of one, and JSON may hold them as they are. */
const line = (value: object): string => JSON.stringify(value).replace(/[\x85\u2028\u2029]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
