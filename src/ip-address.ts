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

/** Whether two IPv4 subnets have addresses in common. */
export function overlap(a: string, b: string): boolean {
  const [one, other] = [parseBlock(a), parseBlock(b)]
  return one !== undefined && other !== undefined && one.first < other.first + other.size && other.first < one.first + one.size
}
