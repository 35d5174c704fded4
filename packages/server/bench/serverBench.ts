// What Waybill costs a server, beside a bare one and beside OpenTelemetry: npm run bench:server -- --help
import { parseArgs } from 'node:util'
import { measureDesk, measureUnreachable } from './measureDesk.ts'
import { measureServers } from './measureServers.ts'
import { FRAMEWORKS, VARIANTS } from './serverProcess.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string' },
    only: { type: 'string', default: '' },
    rate: { type: 'string', default: '5000' },
    profile: { type: 'string' },
    desk: { type: 'boolean', default: false },
    unreachable: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(`npm run bench:server -- [--rounds 7] [--seconds 3] [--only ${FRAMEWORKS.join()},${VARIANTS.join()}]
npm run bench:server -- --desk [--rate 5000] [--seconds 60] [--only hono]
npm run bench:server -- --unreachable [--rate 5000] [--seconds 30] [--only hono]

  --rounds       of all variants, interleaved. More rounds, less noise.
  --seconds      of load in each round, or of the whole.
  --only         frameworks, variants or both, by comma. All by default.
  --profile      a folder, to which each server writes a CPU profile.
  --desk         reports the steps of so many requests a second to a real desk, and counts what it has in the end.
  --unreachable  sets a server whose collector is not there beside one whose collector is.

Hello world behind a route with a parameter. Processor time a request is the number to look at: it holds on a busy machine too, if compared
within one run. Ends with 1 when ours, reporting included, costs more than OpenTelemetry, or when a step is lost.`)
  process.exit()
}

const only = new Set<string>(values.only.split(',').filter(Boolean))
const known: readonly string[] = [...FRAMEWORKS, ...VARIANTS]
const unknown = [...only].filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is nothing called ${unknown.join(', ')} to be measured. --only takes some of ${known.join()}.`)
  process.exit(1)
}
const frameworks = FRAMEWORKS.some((name) => only.has(name)) ? FRAMEWORKS.filter((name) => only.has(name)) : FRAMEWORKS
const variants = VARIANTS.some((name) => only.has(name)) ? VARIANTS.filter((name) => only.has(name)) : VARIANTS
const seconds = (otherwise: number): number => Number(values.seconds ?? otherwise)
const [framework = 'hono'] = frameworks
const rate = { framework, perSecond: Number(values.rate) }

if (values.desk) await tellOfDesk()
else if (values.unreachable) await tellOfUnreachable()
else await tellOfCost()

async function tellOfCost(): Promise<void> {
  const rounds = Number(values.rounds)
  const rows = await measureServers({ frameworks, variants, rounds, seconds: seconds(3), profile: values.profile })
  console.log(`\nhello world, medians of ${rounds} rounds (least to most)\n`)
  console.log(['', 'CPU a request', '', 'over bare', 'of OpenTelemetry', 'requests/s'].map(cell).join(''))
  for (const each of frameworks) {
    const cost = (variant: string): number =>
      median((rows.get(`${each} ${variant}`) ?? []).map((row) => row.microseconds))
    for (const variant of variants) {
      const all = rows.get(`${each} ${variant}`) ?? []
      const costs = all.map((row) => row.microseconds)
      const share = (cost(variant) - cost('bare')) / (cost('otel') - cost('bare'))
      console.log(
        [
          `${each} ${variant}`,
          `${cost(variant).toFixed(1)} µs`,
          `(${Math.min(...costs).toFixed(0)} to ${Math.max(...costs).toFixed(0)})`,
          variant === 'bare' ? '' : `+${(cost(variant) - cost('bare')).toFixed(1)} µs`,
          variant === 'bare' || Number.isNaN(share) ? '' : `${(100 * share).toFixed(0)} % of its own cost`,
          median(all.map((row) => row.perSecond)).toFixed(0),
        ]
          .map(cell)
          .join(''),
      )
    }
    if (cost('ours') > cost('otel')) process.exitCode = 1
  }
}

async function tellOfDesk(): Promise<void> {
  const { load, stored, usage, deskCpuMicroseconds } = await measureDesk({ ...rate, seconds: seconds(60) })
  console.log(
    `${framework}: ${load.requests} requests in ${seconds(60)} s (${load.perSecond.toFixed(0)}/s, asked for ${values.rate}/s)`,
  )
  console.log(`a step each; the desk has ${stored}, so ${load.requests - stored} are lost`)
  console.log(
    `CPU a request: server ${(usage.cpuMicroseconds / load.requests).toFixed(0)} µs, desk ${(deskCpuMicroseconds / load.requests).toFixed(0)} µs`,
  )
  console.log(usage.faults.join('\n') || 'The service said nothing of trouble.')
  if (load.requests !== stored) process.exitCode = 1
}

async function tellOfUnreachable(): Promise<void> {
  const measured = await measureUnreachable({ ...rate, seconds: seconds(30) })
  for (const name of ['reachable', 'unreachable'] as const) {
    const { load, usage } = measured[name]
    console.log(
      `${framework}, collector ${name}: ${load.requests} requests (${load.perSecond.toFixed(0)}/s), p50 ${load.p50Ms.toFixed(2)} ms, p99 ${load.p99Ms.toFixed(2)} ms, ${(usage.memoryBytes / 1e6).toFixed(0)} MB`,
    )
    console.log(usage.faults.map((fault) => `  ${fault}`).join('\n'))
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function cell(text: string, column: number): string {
  return text.padEnd([20, 15, 14, 12, 22, 12][column] ?? 12)
}
