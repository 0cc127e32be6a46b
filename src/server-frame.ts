import { Transform, type TransformCallback } from 'node:stream'

/** Longer headers and bodies are none. */
const longestHeader = 4096
const longestBody = 256 * 1024 * 1024

const headerEnd = Buffer.from('\r\n\r\n')

/**
 * Passes on the messages of a client, each with a header that says its length,
 * and drops what stands between them: a stray line must not make all that
 * follows unreadable.
 */
export class MessageFrames extends Transform {
  #header = Buffer.alloc(0)
  /** Bytes of a body that are still to come. */
  #rest = 0

  override _transform(chunk: Buffer | string, _encoding: BufferEncoding, done: TransformCallback): void {
    let bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    while (bytes.length > 0) bytes = this.#rest > 0 ? this.#passBody(bytes) : this.#readHeader(bytes)
    done()
  }

  #passBody(bytes: Buffer): Buffer {
    const body = bytes.subarray(0, this.#rest)
    this.#rest -= body.length
    this.push(body)
    return bytes.subarray(body.length)
  }

  #readHeader(bytes: Buffer): Buffer {
    const header = this.#header.length === 0 ? bytes : Buffer.concat([this.#header, bytes])
    const end = header.indexOf(headerEnd)
    if (end < 0) {
      // What is kept is copied: it must not hold on to large chunks.
      this.#header = Buffer.from(header.subarray(Math.max(0, header.length - longestHeader)))
      return Buffer.alloc(0)
    }
    const length = lengthIn(header.toString('latin1', Math.max(0, end - longestHeader), end))
    if (length !== undefined) {
      this.push(`Content-Length: ${length}\r\n\r\n`)
      this.#rest = length
    }
    this.#header = Buffer.alloc(0)
    return header.subarray(end + headerEnd.length)
  }
}

/** The length that a header states last; `undefined` if it states none that can be meant. */
function lengthIn(header: string): number | undefined {
  const stated = [...header.matchAll(/Content-Length:[ \t]*(\d{1,9})(?!\d)[ \t]*(?:\r\n|$)/gi)].at(-1)?.[1]
  const length = Number(stated)
  return stated !== undefined && length > 0 && length <= longestBody ? length : undefined
}
