import { isAtLeast } from '../diagnostic.ts'
import { printable, type Formatter } from '../formatter.ts'
import { Lines } from '../position.ts'

/** One line for each diagnostic: `path:line:col-endLine:endCol severity rule message`. */
export default {
  id: 'compact',
  format({ files }, { show }) {
    return files.flatMap(({ path, text, diagnostics }) => {
      const lines = new Lines(text)
      return diagnostics.filter(({ severity }) => isAtLeast(severity, show)).map(({ range, severity, rule, message }) => {
        const [start, end] = [lines.position(range[0]), lines.position(range[1])]
        return `${printable(path)}:${start.line}:${start.column}-${end.line}:${end.column} ${severity} ${rule} ${printable(message.replace(/\s+/g, ' '))}\n`
      })
    }).join('')
  }
} satisfies Formatter
