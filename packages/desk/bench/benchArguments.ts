import { parseArgs } from 'node:util'
import { SECTIONS } from './Measure.ts'

/** @throws RangeError in words when one is unknown, or lacks its value. */
export function readArguments() {
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, TEXT])) as Record<NumberName, typeof TEXT>
  try {
    return parseArgs({
      options: {
        ...numbers,
        only: TEXT,
        postgres: TEXT,
        folder: TEXT,
        'no-postgres': FLAG,
        clickhouse: FLAG,
        acceptance: FLAG,
        'hundred-million': FLAG,
        plan: FLAG,
        check: FLAG,
        json: FLAG,
        help: FLAG,
      },
    }).values
  } catch (cause) {
    throw new RangeError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${HELP}`, { cause })
  }
}

export type BenchArguments = ReturnType<typeof readArguments>

export type NumberName = (typeof NUMBERS)[number]

export function localPostgres(): string {
  return process.env['WAYBILL_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test'
}

export const HELP = `npm run bench:desk -- [--only ${SECTIONS.join()}] [--steps 300000] [--json]
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

const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean', default: false } as const
const NUMBERS = [
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
