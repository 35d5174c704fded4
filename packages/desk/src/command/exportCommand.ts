import { Command } from 'commander'
import { askDesk } from './askDesk.ts'
import { withDeskOptions } from './deskOptions.ts'
import type { DeskOptions } from './deskOptions.ts'
import { personIn, personOption } from './personOption.ts'

/** `waybill export`: one trail, or all that is kept about a person, as one JSON document. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('print a trail, or all that a desk keeps about a person, as JSON: in words and as OTLP')
    .argument('[reference]', 'one trail')
    .addOption(personOption())
  return withDeskOptions(command).addHelpText('after', EXAMPLES).action(run)
}

const EXAMPLES = `
{ "exportedAt", "trails": [{ "reference", "summary": [a line each], "otlp": { "resourceSpans": … } }] }
For a person it holds what is about them and nobody else. "otlp" is the body of a request to any collector's /v1/traces.

Examples:
  $ waybill export RF7-K29-QXR > trail.json
  $ printf %s C-2041 | waybill export --person - > person.json`

async function run(reference: string | undefined, options: ExportCommandOptions, command: Command): Promise<void> {
  const { desk, tokenEnv, person } = options
  if ((reference === undefined) === (person === undefined)) command.error('error: say what: a reference, or --person')
  const json = person === undefined ? { reference } : { person: await personIn(person) }
  const response = await askDesk({ desk, tokenEnv, path: '/api/export', json })
  const text = await response?.text().catch(() => '')
  if (text === undefined) return
  if (!isWhole(text)) {
    console.error('[waybill] The desk broke off in the middle, so nothing was exported. See its log, and try again.')
    process.exitCode = 1
    return
  }
  process.stdout.write(text)
}

interface ExportCommandOptions extends DeskOptions {
  readonly person?: string
}

function isWhole(text: string): boolean {
  try {
    return Array.isArray(Object(JSON.parse(text)).trails)
  } catch {
    return false
  }
}
