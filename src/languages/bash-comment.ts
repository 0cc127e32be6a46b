import { forEachChild, type SyntaxNode } from 'unbash'
import type { Range, Text } from '../text.ts'
import { indexWithin } from '../text-search.ts'
import { deepest, type Scripts, type Source } from './bash-source.ts'

/**
 * The comments of a script, which its tree does not have: they are what begins
 * with `#` where nothing of the tree stands.
 */
export function comments(source: Source, scripts: Scripts, statements: Iterable<SyntaxNode>): Text[] {
  const covered: Range[] = []
  for (const statement of statements) cover(statement, source, scripts, covered, 0)
  covered.sort((a, b) => a[0] - b[0])
  const found: Text[] = []
  let at = 0
  for (const [start, end] of [...covered, [source.code.length, source.code.length] as const]) {
    at = gap(source, at, start, found)
    at = Math.max(at, end)
  }
  return found
}

/** Comments of a stretch that no word covers; returns where the last of them ends, which may be after it. */
function gap({ code, text }: Source, start: number, end: number, found: Text[]): number {
  let at = start
  for (let hash = indexWithin(code, '#', at, end); hash >= 0; hash = indexWithin(code, '#', at, end)) {
    if (hash > 0 && !/[\s;&|()`{}]/.test(code[hash - 1]!)) {
      at = hash + 1
      continue
    }
    const newline = code.indexOf('\n', hash)
    at = newline < 0 ? code.length : newline
    found.push(text.slice(hash, at))
  }
  return at
}

/** Collects what is no comment: words and documents, but for the scripts in them. */
function cover(node: SyntaxNode, source: Source, scripts: Scripts, covered: Range[], depth: number): void {
  if (depth >= deepest) return void covered.push([node.pos, node.end])
  switch (node.type) {
    case 'Word':
    case 'HereDocBody': {
      const at = around(node, node.pos, source, scripts, covered, depth)
      covered.push([at, node.end])
      return
    }
    case 'HereDoc':
      if (node.closing) covered.push([node.closing.pos, node.closing.end])
      if (node.delimiter) covered.push([node.delimiter.pos, node.delimiter.end])
      return cover(node.body, source, scripts, covered, depth + 1)
    case 'ArithmeticCommand':
      return void covered.push([node.pos, node.end])
    default:
      forEachChild(node, child => cover(child, source, scripts, covered, depth + 1))
  }
}

/** Covers what precedes each script in a word; returns where the last of them ends. */
function around(node: SyntaxNode, start: number, source: Source, scripts: Scripts, covered: Range[], depth: number): number {
  let at = start
  forEachChild(node, part => {
    if (depth >= deepest) return
    if (part.type !== 'CommandExpansion' && part.type !== 'ProcessSubstitution') {
      if (part.type !== 'Literal') at = around(part, at, source, scripts, covered, depth + 1)
      return
    }
    const script = scripts.inside(part, source)
    if (!script || script.source !== undefined) return
    const open = Math.min(part.pos + (part.text.startsWith('`') ? 1 : 2), part.end)
    covered.push([at, open])
    at = Math.max(open, part.end - 1)
    for (const statement of script.commands) cover(statement, source, scripts, covered, depth + 1)
  })
  return at
}
