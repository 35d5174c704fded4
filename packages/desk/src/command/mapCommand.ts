import { Command, Option } from 'commander'
import { mapMermaid } from '../map/mapMermaid.ts'
import { mapText } from '../map/mapText.ts'
import type { PathMap } from '../map/PathMap.ts'
import { askDesk, withDeskOptions } from './askDesk.ts'
import type { AskedDesk } from './askDesk.ts'
import { timeSpan } from './timeSpan.ts'

/** `waybill map`: the way that requests take through the system, as a desk has seen it. */
export function mapCommand(): Command {
  return withDeskOptions(new Command('map'))
    .description('print the path that a desk has seen requests take, and where references end')
    .option('--since <span>', 'how far back, such as 30m, 24h or 7d', timeSpan, '7d')
    .addOption(
      new Option('-f, --format <format>', 'for a terminal, a document or a program').choices(FORMATS).default('text'),
    )
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const FORMATS = ['text', 'mermaid', 'json'] as const

const EXAMPLES = `
It is drawn from the newest 500 trails. What only browsers told of is marked "claimed".

Examples:
  $ waybill map --since 24h
  $ waybill map --desk https://desk.shop.example --format mermaid > path.mmd`

interface MapCommandOptions extends AskedDesk {
  readonly since: string
  readonly format: (typeof FORMATS)[number]
}

async function run({ since, format, ...where }: MapCommandOptions): Promise<void> {
  const asked = await askDesk(`/api/map?since=${since}`, { ...where, isAnswer: isMap })
  if (!asked.ok) {
    console.error(asked.message)
    process.exitCode = asked.reason === 'misuse' ? 2 : 1
    return
  }
  const map = asked.answer
  console.log(format === 'json' ? JSON.stringify(map) : format === 'mermaid' ? mapMermaid(map) : mapText(map))
}

function isMap(answer: unknown): answer is PathMap {
  return Array.isArray(Object(answer).places)
}
