// What a desk's databases cost and give: npm run bench:desk -- --help
import { parseArgs } from 'node:util'
import { createCleanUp } from './createCleanUp.ts'
import { hundredMillion } from './hundredMillion.ts'
import { measureEngines } from './measureEngines.ts'
import { SECTIONS } from './Measure.ts'
import type { Section } from './Measure.ts'
import type { Engine } from './Place.ts'
import { planDesk } from './plan/planDesk.ts'
import { printPlan } from './plan/printPlan.ts'
import { postgresEngine } from './postgresEngine.ts'
import { printAcceptance } from './printAcceptance.ts'
import { printMeasures } from './printMeasures.ts'
import { readNumber } from './readNumber.ts'
import { sqliteEngine } from './sqliteEngine.ts'

const HELP = `npm run bench:desk -- [--only ${SECTIONS.join()}] [--steps 300000] [--json]
npm run bench:desk -- --acceptance
npm run bench:desk -- --hundred-million [--steps 100000000] [--days 10] [--folder /tmp]
npm run bench:desk -- --plan --actions-a-day 100000 [--steps-an-action 11] [--days 30] [--peak 5] [--disk 500]

Measures SQLite, and PostgreSQL beside it where one answers. Everything is made for it, and removed at the end, also by Ctrl-C.

  --only         sections, by comma. By default all but memory.
                 append   steps a second into a new store, in process, engines taking turns
                 size     bytes a step at rest and written, while a store is filled
                 look-up  by reference, by alias, of what is not there; warm, and while steps come in at half speed
                 http     a desk in a process of its own: steps a second, look-ups meanwhile
                 start    until the first look-up is answered
                 memory   of a desk that takes steps at half of its full speed
  --steps        stored while something is looked up. Of eleven-step actions by a page, an API and a worker.
  --days         over which they came (10), so in so many day files.
  --rounds       of append and start (5).
  --appended     steps of a round of append (100000).
  --look-ups     of each kind (2000).
  --seconds      of look-ups while steps come in (10).
  --bodies       of 500 steps that http sends at full speed (240); --connections over which (16); --pace look-ups a second meanwhile (50).
  --minutes      of memory (1; 10 by --acceptance); --rate what full speed is, where http does not tell.
  --postgres     address of a PostgreSQL (${localPostgres()}). --no-postgres leaves it out.
  --clickhouse   ClickHouse as well, by its engine chdb.
  --folder       where the SQLite files go (the system's folder for temporary files).
  --acceptance   all of it with 10,000,000 steps, and what SQLite has to reach. Ends with 1 when it does not.
  --check        ends with 1 when over HTTP a look-up's p99, or the longest hold of the event loop, is over 50 ms.

--hundred-million fills day files, 26 GB of them, and looks up cold and warm. --plan measures nothing: it says from measured numbers what a
desk needs. --peak is how many times the average the busiest minutes are (5), --disk the gigabytes there are for it (500).`

const { values } = readArguments()
const cleanUp = createCleanUp()
try {
  if (values.help) console.log(HELP)
  else if (values.plan) plan()
  else if (values['hundred-million'])
    await hundredMillion(
      { steps: number('steps', 100_000_000), days: number('days', 10), folder: values.folder },
      cleanUp,
    )
  else await measure()
} catch (error) {
  // What the person who called it did wrong needs no stack.
  console.error(error instanceof RangeError ? error.message : error)
  process.exitCode = error instanceof RangeError ? 2 : 1
} finally {
  await cleanUp.run()
}

function readArguments() {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const names = [
    'actions-a-day',
    'steps-an-action',
    'peak',
    'disk',
    'days',
    'steps',
    'rounds',
    'appended',
    'look-ups',
    'seconds',
    'bodies',
    'connections',
    'pace',
    'minutes',
    'rate',
  ] as const
  const numbers = Object.fromEntries(names.map((name) => [name, text])) as Record<(typeof names)[number], typeof text>
  try {
    return parseArgs({
      options: {
        ...numbers,
        only: text,
        postgres: text,
        folder: text,
        'no-postgres': flag,
        clickhouse: flag,
        acceptance: flag,
        'hundred-million': flag,
        plan: flag,
        check: flag,
        json: flag,
        help: flag,
      },
    })
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    process.exit(2)
  }
}

function number(
  name: NumberName,
  standard: number,
  limits: { least?: number; most?: number; whole?: boolean } = { least: 1, whole: true },
): number {
  const given = values[name]
  return given === undefined ? standard : readNumber(name, given, limits)
}

type NumberName =
  | 'actions-a-day'
  | 'steps-an-action'
  | 'peak'
  | 'disk'
  | 'days'
  | 'steps'
  | 'rounds'
  | 'appended'
  | 'look-ups'
  | 'seconds'
  | 'bodies'
  | 'connections'
  | 'pace'
  | 'minutes'
  | 'rate'

function plan(): void {
  if (values['actions-a-day'] === undefined)
    throw new RangeError('--plan needs --actions-a-day, such as --actions-a-day 100000.')
  const made = planDesk({
    actionsADay: number('actions-a-day', 0, { least: 1, most: 1e12 }),
    stepsAnAction: number('steps-an-action', 11, { least: 1, most: 2000 }),
    days: number('days', 30, { least: 1, most: 3650, whole: true }),
    peak: number('peak', 5, { least: 1, most: 1000 }),
    diskBytes: number('disk', 500, { least: 1, most: 1e9 }) * 1e9,
  })
  if (values.json) console.log(JSON.stringify(made, null, 2))
  else printPlan(made)
}

async function measure(): Promise<void> {
  const isAcceptance = values.acceptance
  const standard = isAcceptance ? SECTIONS : SECTIONS.filter((section) => section !== 'memory')
  const only = values.only === undefined ? standard : values.only.split(',').map(sectionOf)
  const measures = await measureEngines(await engines(), {
    only,
    rounds: number('rounds', 5),
    steps: number('steps', isAcceptance ? 10_000_000 : 300_000, { least: 1000, whole: true }),
    days: number('days', 10, { least: 1, most: 29, whole: true }),
    appended: number('appended', isAcceptance ? 300_000 : 100_000, { least: 20_000, whole: true }),
    lookUps: number('look-ups', 2000, { least: 100, whole: true }),
    seconds: number('seconds', isAcceptance ? 30 : 10),
    bodies: number('bodies', 240),
    connections: number('connections', 16),
    pace: number('pace', 50),
    minutes: number('minutes', isAcceptance ? 10 : 1, { least: 0.1, most: 10_000 }),
    rate: values.rate === undefined ? undefined : number('rate', 0),
    onProgress: sayProgress,
  })
  sayProgress('')
  if (values.json) console.log(JSON.stringify(measures, null, 2))
  else printMeasures(measures)
  if (isAcceptance && !printAcceptance(measures)) process.exitCode = 1
  const late = measures.filter(({ section, name }) => section === 'http' && /look-up, p99|held, the longest/.test(name))
  if (values.check && late.some(({ values: [ms = Number.NaN] }) => !(ms <= MOST_MS))) process.exitCode = 1
}

async function engines(): Promise<Engine[]> {
  const found: Engine[] = [sqliteEngine(cleanUp, values.folder)]
  if (!values['no-postgres']) {
    const postgres = await postgresEngine(values.postgres ?? localPostgres(), cleanUp)
    if (postgres) found.push(postgres)
    else if (values.postgres !== undefined)
      throw new RangeError('No PostgreSQL answers at the address given by --postgres.')
    else
      console.error('No PostgreSQL answers on this machine, so SQLite is measured alone; --postgres tells of another.')
  }
  if (values.clickhouse) {
    // Its engine is half a gigabyte, and loaded for those who ask for it.
    const { clickHouseEngine } = await import('./clickHouseEngine.ts')
    const clickHouse = await clickHouseEngine(cleanUp)
    if (!clickHouse) throw new RangeError('ClickHouse’s engine, chdb, does not run on this machine.')
    found.push(clickHouse)
  }
  return found
}

function sectionOf(name: string): Section {
  const section = SECTIONS.find((each) => each === name)
  if (!section) throw new RangeError(`--only takes ${SECTIONS.join(', ')}.`)
  return section
}

function localPostgres(): string {
  return process.env['WAYBILL_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test'
}

/** One line, written over and over where somebody watches. */
function sayProgress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${what}`)
}

/** What `--check` allows. */
const MOST_MS = 50
