/** Lists that are short enough to be named in the address of one request. */
export function inParts<Item>(items: readonly Item[], lengthOf: (item: Item) => number): Item[][] {
  const parts: Item[][] = []
  let room = 0
  for (const item of items) {
    room -= lengthOf(item)
    if (room < 0) {
      parts.push([])
      room = MOST - lengthOf(item)
    }
    parts.at(-1)!.push(item)
  }
  return parts
}

const MOST = 2000
