import { messageOf } from '../explanation.ts'
import { findingsIn, type Finding } from '../finding.ts'
import type { Formatter, RunError } from '../formatter.ts'
import { element } from '../xml.ts'

/** The XML of Checkstyle, which many servers read; `version` is that of the format. */
export default {
  id: 'checkstyle',
  format({ files, errors }, { show }) {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element('checkstyle', { version: '4.3' }, [
      ...files.map(file => element('file', { name: file.path }, findingsIn(file, show).map(errorElement))),
      ...errors.map(unreadFile)
    ])}`
  }
} satisfies Formatter

const errorElement = ({ diagnostic, start }: Finding): string =>
  element('error', { line: start.line, column: start.column, severity: diagnostic.severity, message: messageOf(diagnostic), source: `porthole.${diagnostic.rule}` })

/** The format has no other place for what kept a file from being linted, and no error without a line. */
const unreadFile = ({ path, message }: RunError): string =>
  element('file', { name: path ?? '' }, [element('error', { line: 1, severity: 'error', message, source: 'porthole' })])
