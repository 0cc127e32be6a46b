/** Attributes in the order in which they are written; those without a value are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element of XML on lines of its own; `content` are elements. */
export function element(name: string, attributes: Attributes, content: readonly string[] = []): string {
  if (content.length === 0) return `<${name}${written(attributes)}/>\n`
  return `<${name}${written(attributes)}>\n${content.join('').replace(/^(?=<)/gm, '  ')}</${name}>\n`
}

/** An element that holds text. */
export const textElement = (name: string, attributes: Attributes, text: string): string => `<${name}${written(attributes)}>${characters(text)}</${name}>\n`

const written = (attributes: Attributes): string =>
  Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${attributeValue(String(value))}"`])).join('')

/** What XML 1.0 cannot hold, not even as a reference, becomes U+FFFD. */
const impossible = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' }

const characters = (text: string): string => text.replace(impossible, '\uFFFD').replace(/[&<>\r]/g, character => references[character]!)

/** Line ends and tabs would be read as blanks in an attribute. */
const attributeValue = (text: string): string => text.replace(impossible, '\uFFFD').replace(/[&<>"\t\n\r]/g, character => references[character]!)
