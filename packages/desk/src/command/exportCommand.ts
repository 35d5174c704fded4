import { Command } from 'commander'
import { askDesk, withDeskOptions } from './askDesk.ts'
import type { AskedDesk } from './askDesk.ts'
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
  // A person's trails may be many.
  const asked = await askDesk('/api/export', {
    desk,
    tokenEnv,
    json,
    scope: 'admin',
    patienceMs: 600_000,
    isAnswer: isExport,
  })
  if (asked.ok) return void process.stdout.write(`${JSON.stringify(asked.answer, null, 2)}\n`)
  console.error(asked.message)
  process.exitCode = asked.reason === 'misuse' ? 2 : 1
}

interface ExportCommandOptions extends AskedDesk {
  readonly person?: string
}

function isExport(answer: unknown): answer is object {
  return Array.isArray(Object(answer).trails)
}
