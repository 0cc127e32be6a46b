import { readFileSync } from 'node:fs'
import { root } from './workspace.ts'

/** A fenced block of a document that is a file: its first line is a comment with the file's name. */
export interface Snippet {
  readonly document: string
  readonly file: string
  readonly text: string
  /** Without the comment. */
  readonly lines: number
}

/** The files that a document shows. */
export function snippetsOf(document: string): Snippet[] {
  const source = readFileSync(`${root}/${document}`, 'utf8')
  return [...source.matchAll(/^```\w+\n(?:#|\/\/) (\S*[./]\S+|Jenkinsfile)\n([^]*?)^```$/gm)].map(([, file, text]) => ({ document, file: file!, text: text!, lines: text!.trimEnd().split('\n').length }))
}
