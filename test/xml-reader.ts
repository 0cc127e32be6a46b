export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

/** Reads the XML that formatters write, and throws on whatever is not well-formed XML 1.0. */
export function readXml(source: string): XmlElement {
  if (/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(source)) throw new Error('a character that XML cannot hold')
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const token = /<\?xml version="1\.0" encoding="UTF-8"\?>|<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|[^<]+/gy
  while (token.lastIndex < source.length) {
    const at = token.lastIndex
    const match = token.exec(source)
    if (!match) throw new Error(`no XML: ${source.slice(at, at + 40)}`)
    const [all, closed, opened, attributes = '', empty] = match
    if (closed !== undefined) {
      if (open.pop()!.name !== closed) throw new Error(`</${closed}> closes nothing`)
    } else if (opened !== undefined) {
      const element: XmlElement = { name: opened, attributes: readAttributes(attributes), children: [], text: '' }
      open.at(-1)!.children.push(element)
      if (empty === '') open.push(element)
    } else if (!all.startsWith('<?')) {
      if (all.includes(']]>')) throw new Error(']]> in text')
      open.at(-1)!.text += decode(all)
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one element')
  return root.children[0]!
}

function readAttributes(source: string): Record<string, string> {
  const pairs = [...source.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, decode(value!.replace(/[\t\n\r]/g, ' '))] as const)
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error('an attribute twice')
  return Object.fromEntries(pairs)
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decode = (text: string): string => text.replace(/&(?:#(\d+)|(\w+));|&/g, (reference, number: string | undefined, name: string | undefined) => {
  const character = number === undefined ? named[name ?? ''] : String.fromCodePoint(Number(number))
  if (character === undefined) throw new Error(`no such reference: ${reference}`)
  return character
})

/** All elements of a name, in the order of the document. */
export const elementsNamed = (element: XmlElement, name: string): XmlElement[] =>
  [...(element.name === name ? [element] : []), ...element.children.flatMap(child => elementsNamed(child, name))]
