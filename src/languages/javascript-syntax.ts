import { parseForESLint } from '@typescript-eslint/parser'
import type { AST_NODE_TYPES, TSESTree } from '@typescript-eslint/types'
import type { Text } from '../text.ts'

/** A node of the syntax tree, as ESTree and typescript-eslint define it; its ranges are offsets into the script. */
export type Node = TSESTree.Node

export type NodeOf<Type extends keyof typeof AST_NODE_TYPES> = Extract<Node, { type: (typeof AST_NODE_TYPES)[Type] }>

/** An identifier's meaning, as far as the file tells. */
export interface Variable {
  readonly defs: readonly { readonly type: string; readonly node: Node; readonly parent?: Node | null | undefined }[]
  readonly references: readonly { readonly identifier: Node; readonly init?: boolean | null | undefined; isWrite(): boolean }[]
}

/** A script, read. */
export interface Syntax {
  readonly script: Text
  readonly program: Node
  readonly comments: readonly Text[]
  /** The variable that an identifier names; `undefined`: a global, or none. */
  variableOf(identifier: Node): Variable | undefined
  childrenOf(node: Node): readonly Node[]
}

/** A place where a script is no JavaScript. */
export interface SyntaxFault {
  readonly message: string
  readonly offset: number
}

/** Read a script by the extension of its path, without type information. Never throws. */
export function parseScript(script: Text, path: string): Syntax | SyntaxFault {
  try {
    const { ast, scopeManager, visitorKeys } = parseForESLint(script.value, { range: true, comment: true, loc: false, jsx: true, ecmaFeatures: { jsx: /x$/i.test(path) }, sourceType: 'module', filePath: path.slice(path.lastIndexOf('/') + 1), allowInvalidAST: true })
    const variables = new Map<Node, Variable>()
    for (const { references } of scopeManager.scopes) for (const { identifier, resolved } of references) if (resolved) variables.set(identifier, resolved)
    return {
      script,
      program: ast,
      comments: (ast.comments ?? []).map(({ range }) => script.slice(range[0], range[1])),
      variableOf: identifier => variables.get(identifier),
      childrenOf: node => childrenOf(node, visitorKeys[node.type] ?? [])
    }
  } catch (error) {
    return faultOf(error)
  }
}

function childrenOf(node: Node, keys: readonly string[]): Node[] {
  const children: Node[] = []
  for (const key of keys) {
    const child = (node as unknown as Record<string, Node | readonly (Node | null)[] | null | undefined>)[key]
    for (const each of Array.isArray(child) ? child as readonly (Node | null)[] : [child as Node | null | undefined]) if (each) children.push(each)
  }
  return children
}

/** The parser throws where it stops; a tree too deep for it overflows the stack. */
function faultOf(error: unknown): SyntaxFault {
  if (error instanceof RangeError) return { message: 'it is nested too deeply', offset: 0 }
  const { message, location } = error as { message?: string; location?: { start?: { offset?: number } } }
  return { message: (message ?? 'it is no JavaScript').replace(/\.$/, ''), offset: location?.start?.offset ?? 0 }
}
