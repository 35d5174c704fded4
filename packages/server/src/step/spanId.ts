import { randomFillSync } from 'node:crypto'

/** A new span id: 16 hex digits, never all zero. */
export function nextSpanId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const id = pool.toString('hex', used, (used += BYTES))
  return id === NONE ? nextSpanId() : id
}

const BYTES = 8
const NONE = '0'.repeat(2 * BYTES)

/** Filled for many ids at once, because each call of the random source takes longer than all else about an id. */
const pool = Buffer.alloc(BYTES * 512)
let used = pool.length
