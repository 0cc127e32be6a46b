import type { Text } from './text.ts'
import type { BlockNode } from './yaml-block-node.ts'

/** The comments of a sound document that may speak to us, by the scalars between which they stand: there, nothing but a comment begins with `#`. */
export function commentsAround(root: BlockNode | undefined, file: Text): Text[] {
  const source = file.value
  if (!source.includes('porthole-')) return []
  const comments: Text[] = []
  let at = 0
  let next = source.indexOf('#')
  const collect = (end: number): void => {
    if (next >= 0 && next < at) next = source.indexOf('#', at)
    while (next >= 0 && next < end) {
      at = lineEnd(source, next)
      if (source.slice(next, at).includes('porthole-')) comments.push(file.slice(next, at))
      next = source.indexOf('#', at)
    }
  }
  const pass = (start: number, end: number): void => {
    collect(start)
    at = end
  }
  const walk = (node: BlockNode | undefined): void => {
    if (node?.kind === 'map') for (const { key, value } of node.pairs) {
      pass(key.start, key.end)
      walk(value)
    }
    else if (node?.kind === 'list') node.items.forEach(walk)
    else if (node) passScalar(node)
  }
  const passScalar = ({ start, end }: BlockNode): void => {
    // Behind the header of a block scalar may be a comment.
    const body = /[|>]/.test(source[start]!) ? source.indexOf('\n', start) : -1
    if (body < 0 || body > end) return pass(start, end)
    collect(body)
    at = Math.max(at, end)
  }
  walk(root)
  collect(source.length)
  return comments
}

/** Where the characters of a line end. */
function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  if (end < 0) return source.length
  return source[end - 1] === '\r' ? end - 1 : end
}
