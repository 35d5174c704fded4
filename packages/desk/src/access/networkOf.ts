/**
 * Under which name an address is counted by limits: itself, or of IPv6 the first 64 bits, because whoever has one address there has
 * all that begin so.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [before = '', after = ''] = address.split('::')
  const [left, right] = [before, after].map((half) => half.split(':').filter(Boolean))
  const gap = Array.from({ length: 8 - left!.length - right!.length }, () => '0')
  return `${[...left!, ...gap, ...right!].slice(0, 4).join(':')}::/64`
}
