// Ids minted a second, beside other makers of ids: npm run bench. Ends with 1 when ours, by default, is below 500 000 a second.
import { mintReference, traceIdOf } from '@waybill/reference'
import { nanoid } from 'nanoid'
import { typeid } from 'typeid-js'
import { ulid } from 'ulid'

const LEAST = 500_000
const ROUNDS = 9
const IDS_A_ROUND = 100_000

const ours = rateOf(() => mintReference())
show('@waybill/reference', ours)
show(
  '@waybill/reference, length 12',
  rateOf(() => mintReference({ length: 12 })),
)
show(
  '@waybill/reference, with its trace-id',
  rateOf(() => traceIdOf(mintReference())),
)
show(
  'nanoid',
  rateOf(() => nanoid()),
)
show(
  'crypto.randomUUID',
  rateOf(() => crypto.randomUUID()),
)
show(
  'ulid',
  rateOf(() => ulid()),
)
show(
  'typeid-js',
  rateOf(() => typeid().toString()),
)
if (ours < LEAST) process.exitCode = 1

/** Ids a second in the median round, the first two left out: they warm up. */
function rateOf(mint: () => string): number {
  let length = 0
  const rates = Array.from({ length: ROUNDS + 2 }, () => {
    const begun = performance.now()
    for (let i = 0; i < IDS_A_ROUND; i++) length += mint().length
    return (IDS_A_ROUND * 1000) / (performance.now() - begun)
  })
  if (length === 0) throw new Error('Nothing was minted.')
  return rates.slice(2).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
}

function show(name: string, rate: number): void {
  console.log(`${name.padEnd(40)} ${Math.round(rate).toLocaleString('en').padStart(12)} a second`)
}
