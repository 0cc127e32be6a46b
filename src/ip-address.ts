/** An IPv4 network: its first address as a number, and how many addresses it has. */
interface Block {
  readonly first: number
  readonly size: number
}

/** An IPv4 address as a number; `undefined` if it is none. */
export function parseIpv4(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number)
  return parts && parts.every(part => part < 256) ? parts.reduce((number, part) => number * 256 + part, 0) : undefined
}

/** `10.9.0.5/16` as the block of addresses that it lies in. */
function parseBlock(subnet: string): Block | undefined {
  const [, address = '', length = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(subnet) ?? []
  const number = parseIpv4(address)
  if (number === undefined || Number(length) > 32) return undefined
  const size = 2 ** (32 - Number(length))
  return { first: Math.floor(number / size) * size, size }
}

/** `10.9.0.0/16` for `10.9.0.5/16`; `undefined` if it is no IPv4 subnet. */
export function firstOfSubnet(subnet: string): string | undefined {
  const block = parseBlock(subnet)
  return block && `${[24, 16, 8, 0].map(shift => Math.floor(block.first / 2 ** shift) % 256).join('.')}/${subnet.slice(subnet.indexOf('/') + 1)}`
}

/** Whether an IPv4 address lies in a subnet; `undefined` where one of them is none. */
export function isInSubnet(address: string, subnet: string): boolean | undefined {
  const [number, block] = [parseIpv4(address), parseBlock(subnet)]
  return number === undefined || !block ? undefined : number >= block.first && number < block.first + block.size
}

/**
 * For each of some subnets that has addresses in common with another one, such
 * another one. Subnets of one owner are not compared; what is no IPv4 subnet is
 * left out. Takes n log n steps.
 */
export function overlaps<T>(subnets: readonly { readonly subnet: string; readonly owner: T }[]): Map<T, Map<string, T>> {
  const found = new Map<T, Map<string, T>>()
  const add = (owner: T, subnet: string, other: T): void => {
    const known = found.get(owner) ?? new Map<string, T>()
    if (!known.has(subnet)) known.set(subnet, other)
    found.set(owner, known)
  }
  const blocks = subnets.flatMap(({ subnet, owner }) => {
    const block = parseBlock(subnet)
    return block ? [{ subnet, owner, first: block.first, end: block.first + block.size }] : []
  }).sort((a, b) => a.first - b.first || b.end - a.end)
  // Of those that begin earlier, the one that reaches farthest overlaps if any does.
  let farthest = blocks[0]
  for (const block of blocks.slice(1)) {
    if (farthest && block.first < farthest.end && block.owner !== farthest.owner) {
      add(block.owner, block.subnet, farthest.owner)
      add(farthest.owner, farthest.subnet, block.owner)
    }
    if (!farthest || block.end > farthest.end) farthest = block
  }
  return found
}
