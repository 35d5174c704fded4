// Ids minted a second, beside other makers of ids. Run by Node 24 with --conditions=waybill-source: bench/minting.ts
// Ends with 1 when ours, by default, is below 500 000 a second. ulid and typeid-js are measured where they are installed.
import { mintReference, traceIdOf } from '@waybill/reference'
import { nanoid } from 'nanoid'

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
for (const [name, mint] of [
  ['ulid', 'ulid'],
  ['typeid-js', 'typeid'],
] as const) {
  const maker = await makerIn(name, mint)
  if (maker)
    show(
      name,
      rateOf(() => String(maker())),
    )
  else console.log(`${name.padEnd(40)} not installed`)
}
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

/** By a name in a variable, so that types and runs do not need what is not installed. */
async function makerIn(name: string, member: string): Promise<(() => unknown) | null> {
  const found: unknown = await import(name).catch(() => null)
  const maker: unknown = Object(found)[member]
  return typeof maker === 'function' ? () => maker() : null
}
