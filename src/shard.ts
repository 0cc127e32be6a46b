/** One of the parts into which a run is split. */
export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

/** `2/8`; `undefined`: it is none. */
export function readShard(text: string): Shard | undefined {
  const [, index = 0, count = 0] = (/^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? []).map(Number)
  return index > 0 && index <= count ? { index, count } : undefined
}

/**
 * Whether a file belongs to a shard, by its path as it is shown and nothing
 * else: on all machines the same, and a file that comes or goes moves no other.
 */
export const isOfShard = (path: string, { index, count }: Shard): boolean => hash(path.normalize('NFC')) % count === index - 1

/** Fowler–Noll–Vo hash, 1a, 32 bits, of the UTF-8 bytes; mixed as MurmurHash3 ends, so that its low bits are as good as the others. */
function hash(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
