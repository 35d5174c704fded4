import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Command } from 'commander'
import { namespaceOption } from './namespaceOption.ts'

/** `waybill drill`: one action through a running system, and whether its reference is everywhere. */
export function drillCommand(): Command {
  return new Command('drill')
    .description('drive one action through a running system, and say of every hop whether the reference is there')
    .argument('[url]', 'the address of the system; paths in the file are relative to it')
    .option('-c, --config <file>', 'what to do and where to look', 'waybill-drill.json')
    .option('--browser <path>', 'a browser’s executable, for an action that is a click (default: Playwright’s own)')
    .addOption(namespaceOption())
    .option('--json', 'print the report as one JSON object')
    .option('--example', 'print a file to begin with, and do nothing')
    .option('--quiet', 'say nothing of what is done just now', false)
    .addHelpText('after', HELP)
    .action(run)
}

const HELP = `
Exit codes: 0 the reference is everywhere; 1 it is not, and the table says where; 2 the drill itself could not run.
Files and commands in the file are relative to its folder. Only what is written after it began counts. What forced the failure is undone also after Ctrl-C.

Environment: variables that the file names as $NAME, such as tokens. They are never printed. The drill itself sets
  DRILL_MARKER      a value that no other drill has, for the action to carry
  DRILL_REFERENCE   the reference it sends, by HTTP; DRILL_TRACE_ID the same as a trace-id
  DRILL_…           what "keep" takes out of the action's answer

Example:
  $ waybill drill --example > waybill-drill.json
  $ waybill drill http://localhost:4000
  RF7-K29-QXR, drilled in 4.2 s

  ok     answer         there             status 202, as it was sent
  ok     api log        there             on 2 records
  FAULT  refunds queue  missing           on 1 of 1 record
    -    worker log     as it was given   on 3 records, under 9WK-M2C-4TB; follows from "refunds queue"`

interface DrillCommandOptions {
  readonly config: string
  readonly browser?: string
  readonly namespace: string
  readonly json?: boolean
  readonly example?: boolean
  readonly quiet: boolean
}

async function run(url: string | undefined, options: DrillCommandOptions): Promise<void> {
  // Only now, so that the other commands need not load it.
  const { DrillError, EXAMPLE_DRILL, parseDrillConfig, reportText, runDrill } = await import('../drill/drill.ts')
  if (options.example) return console.log(EXAMPLE_DRILL.trimEnd())
  const base = addressIn(url)
  if (base === null)
    return fail(
      `${url === undefined ? 'The address to drill is missing' : 'This is no address to drill'}. Write one such as waybill drill http://localhost:4000.`,
    )
  let json: string
  try {
    json = await readFile(options.config, 'utf8')
  } catch (error) {
    return fail(
      `${options.config} cannot be read (${String(Object(error).code)}). Write one with waybill drill --example > ${options.config}, or name it by --config.`,
    )
  }
  const parsed = parseDrillConfig(json)
  if (!parsed.ok)
    return fail(`${options.config} cannot be used.\n${parsed.problems.map((problem) => `  ${problem}`).join('\n')}`)

  const abort = new AbortController()
  const onSignal = (): void => abort.abort()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal)
  let told = ''
  const tell = (what: string): void => {
    if (!options.quiet && what !== told) console.error(`… ${what}`)
    told = what
  }
  try {
    const { browser: executable, namespace } = options
    const report = await runDrill(parsed.config, {
      base,
      folder: dirname(resolve(options.config)),
      namespace,
      environment: process.env,
      executable,
      signal: abort.signal,
      tell,
    })
    console.log(options.json ? JSON.stringify(report) : reportText(report))
    process.exitCode = report.faults === 0 ? 0 : 1
  } catch (error) {
    if (error instanceof DrillError) return fail(error.message.replace('[waybill] ', ''))
    if (abort.signal.aborted) return fail('The drill was broken off, and what it forced is undone.')
    // Not its message, which may hold what was read.
    fail(
      `The drill came upon a fault of its own (${error instanceof Error ? (error.stack ?? error.name).replace(error.message, '…') : typeof error}). Please report it.`,
    )
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal)
  }
}

function addressIn(url: string | undefined): string | null {
  return url !== undefined && /^https?:\/\/\S+$/.test(url) && URL.canParse(url) ? url : null
}

function fail(message: string): void {
  console.error(`[waybill] ${message}`)
  process.exitCode = 2
}
