/** Why a line of an overlay is there. */
export interface Reason {
  readonly rule: string
  readonly feature: string
  readonly message: string
}

/** What an overlay says at a key. */
export type OverlayValue =
  /** What the files below say is taken away. */
  | { readonly kind: 'reset'; readonly isList: boolean }
  | { readonly kind: 'scalar'; readonly value: string }
  /** A list in place of the one below. */
  | { readonly kind: 'list'; readonly items: readonly OverlayItem[] }

export type OverlayItem = string | number | boolean | null | readonly OverlayItem[] | { readonly [name: string]: OverlayItem }

interface Leaf {
  readonly value: OverlayValue
  readonly reasons: readonly Reason[]
}

/** A compose file that is laid over others: for each key that it changes, to what and why. */
export class Overlay {
  readonly #root = new Map<string, Leaf | Branch>()

  get isEmpty(): boolean {
    return this.#root.size === 0
  }

  set(path: readonly string[], value: OverlayValue, reasons: readonly Reason[]): void {
    let branch: Branch = this.#root
    for (const name of path.slice(0, -1)) {
      const next = branch.get(name)
      if (next instanceof Map) branch = next
      else branch.set(name, (branch = new Map()))
    }
    branch.set(path.at(-1)!, { value, reasons })
  }

  /** The overlay as YAML, a comment above each key. */
  get text(): string {
    return branchLines(this.#root, 0).map(line => `${line}\n`).join('')
  }
}

type Branch = Map<string, Leaf | Branch>

function branchLines(branch: Branch, depth: number): string[] {
  const indent = '  '.repeat(depth)
  return [...branch].flatMap(([name, below]) => {
    const key = `${indent}${keyText(name)}:`
    if (below instanceof Map) return [key, ...branchLines(below, depth + 1)]
    return [...reasonLines(below.reasons).map(line => `${indent}# ${line}`), ...valueLines(key, below.value, `${indent}  `)]
  })
}

/** A reason that holds for several items is told once. */
const reasonLines = (reasons: readonly Reason[]): string[] => [...new Set(reasons.map(({ rule, feature, message }) => `${rule} (${feature}): ${message.replace(/\s+/g, ' ')}`))]

function valueLines(key: string, value: OverlayValue, indent: string): string[] {
  if (value.kind === 'reset') return [`${key} !reset ${value.isList ? '[]' : 'null'}`]
  if (value.kind === 'scalar') return [`${key} ${scalarText(value.value)}`]
  return [`${key} !override`, ...value.items.flatMap(item => itemLines(item, indent))]
}

/** An item of a list, `- ` in front of its first line. */
function itemLines(item: OverlayItem, indent: string): string[] {
  return nodeLines(item, `${indent}  `).map((line, index) => (index === 0 ? `${indent}- ${line.trimStart()}` : line))
}

function nodeLines(node: OverlayItem, indent: string): string[] {
  if (Array.isArray(node)) return node.length === 0 ? [`${indent}[]`] : node.flatMap(item => itemLines(item as OverlayItem, indent))
  if (typeof node !== 'object' || node === null) return [`${indent}${typeof node === 'string' ? scalarText(node) : String(node)}`]
  const entries = Object.entries(node)
  if (entries.length === 0) return [`${indent}{}`]
  return entries.flatMap(([name, value]) => {
    const isNested = typeof value === 'object' && value !== null && Object.keys(value).length > 0
    const lines = nodeLines(value, isNested ? `${indent}  ` : '')
    return isNested ? [`${indent}${keyText(name)}:`, ...lines] : [`${indent}${keyText(name)}: ${lines[0]!}`]
  })
}

const keyText = (name: string): string => (/^[a-z_][\w./-]*$/i.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name) ? name : scalarText(name))

/** Characters that end a line to some readers of YAML, or cannot stand in it. */
const unprintable = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g

/** A string in YAML; backslashes stand for themselves where that is possible. */
function scalarText(value: string): string {
  if (/^[a-z][a-z_-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/.test(value)) return value
  if (value.search(unprintable) < 0) return `'${value.replaceAll("'", "''")}'`
  return JSON.stringify(value).replace(unprintable, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
