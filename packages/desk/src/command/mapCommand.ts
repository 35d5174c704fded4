import { Command, InvalidArgumentError, Option } from 'commander'
import { mapMermaid } from '../map/mapMermaid.ts'
import { mapText } from '../map/mapText.ts'
import type { PathMap } from '../map/PathMap.ts'
import { spanIn } from '../map/spanIn.ts'

/** `waybill map`: the way that requests take through the system, as a desk has seen it. */
export function mapCommand(): Command {
  return new Command('map')
    .description('print the path that a desk has seen requests take, and where references end')
    .option('--desk <url>', 'the desk', 'http://localhost:4100')
    .option('--token-env <name>', 'the environment variable that holds the desk’s read token', 'WAYBILL_DESK_TOKEN')
    .option('--since <span>', 'how far back, such as 30m, 24h or 7d', span, '7d')
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

interface MapCommandOptions {
  readonly desk: string
  readonly tokenEnv: string
  readonly since: string
  readonly format: (typeof FORMATS)[number]
}

async function run({ desk, tokenEnv, since, format }: MapCommandOptions): Promise<void> {
  const token = process.env[tokenEnv]
  if (!token)
    return fail(
      `$${tokenEnv} is not set, and the desk shows its map to readers only. Set it to the desk's read token.`,
      2,
    )
  if (!URL.canParse(desk))
    return fail('This is no address of a desk. Write one such as --desk http://localhost:4100.', 2)
  const url = `${desk.replace(/\/$/, '')}/api/map?since=${since}`
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(() => null)
  if (!response) return fail(`There is no answer from ${new URL(desk).origin}. Check that the desk runs there.`)
  if (response.status === 401)
    return fail(`The desk does not know the token in $${tokenEnv}. Set it to the desk's read token.`)
  const map: PathMap | null = response.ok ? await response.json().catch(() => null) : null
  if (!Array.isArray(map?.places))
    return fail(`The desk answered with ${response.status} and no map. Check the address, and that it is up to date.`)
  console.log(format === 'json' ? JSON.stringify(map) : format === 'mermaid' ? mapMermaid(map) : mapText(map))
}

function span(text: string): string {
  if (spanIn(text) === null) throw new InvalidArgumentError('It must be a number with m, h or d, such as 24h or 7d.')
  return text
}

function fail(message: string, code = 1): void {
  console.error(`[waybill] ${message}`)
  process.exitCode = code
}
