/** How a file stores its characters. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** The characters of a file, and how they are stored, so that they can be stored so again. */
export interface SourceFile {
  /** Without byte order mark: offsets count from the first character after it, as in editors. */
  readonly text: string
  readonly encoding: Encoding
  readonly hasMark: boolean
}

/** A file that holds no text. */
export class NotTextError extends Error {
  override readonly name = 'NotTextError'
}

/** A larger file is none that people write. */
export const maximumFileSize = 32 * 1024 * 1024

/**
 * The size of a file, if it is not too large.
 *
 * @throws {NotTextError} if it is
 */
export function readableSize(size: number): number {
  if (size > maximumFileSize) throw new NotTextError(`is larger than ${maximumFileSize / 1024 / 1024} MB`)
  return size
}

/**
 * The characters of a file: UTF-8, or UTF-16 with a byte order mark, which
 * PowerShell's `>` writes.
 *
 * @throws {NotTextError} if it is no text
 */
export function decode(bytes: Uint8Array): SourceFile {
  const [encoding, mark] = detect(bytes)
  const body = mark > 0 ? bytes.subarray(mark) : bytes
  const text = encoding === 'utf-8' ? utf8.decode(body) : new TextDecoder('utf-16le', { ignoreBOM: true }).decode(encoding === 'utf-16be' ? swapped(body) : body)
  if (text.includes('\0')) throw new NotTextError('is not a text file')
  return { text, encoding, hasMark: mark > 0 }
}

/** The bytes that store a text in the way of `original`. */
export function encode(text: string, { encoding, hasMark }: Pick<SourceFile, 'encoding' | 'hasMark'>): Uint8Array {
  const marked = hasMark ? `\uFEFF${text}` : text
  if (encoding === 'utf-8') return new TextEncoder().encode(marked)
  const bytes = new Uint8Array(marked.length * 2)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < marked.length; at++) view.setUint16(at * 2, marked.charCodeAt(at), encoding === 'utf-16le')
  return bytes
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function detect(bytes: Uint8Array): [Encoding, markLength: number] {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return ['utf-8', 3]
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le', 2]
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ['utf-16be', 2]
  return ['utf-8', 0]
}

function swapped(bytes: Uint8Array): Uint8Array {
  const even = bytes.subarray(0, bytes.length & ~1)
  const result = new Uint8Array(even.length)
  for (let at = 0; at < even.length; at += 2) {
    result[at] = even[at + 1]!
    result[at + 1] = even[at]!
  }
  return result
}
