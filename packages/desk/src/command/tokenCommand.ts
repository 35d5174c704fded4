import { Command, InvalidArgumentError } from 'commander'
import { SCOPES } from '../access/Access.ts'
import type { Scope } from '../access/Access.ts'
import type { Token, Tokens } from '../access/createTokens.ts'
import { spanIn } from '../spanIn.ts'
import { commandUser } from './commandUser.ts'
import { accessDatabaseOption, checkedDatabase, databaseOption } from './databaseOption.ts'
import { faultText } from './faultText.ts'

/** `waybill token`: who may do what at a desk, also while it runs. */
export function tokenCommand(): Command {
  const command = new Command('token')
    .description('make, list and revoke the tokens of a desk')
    .addHelpText('after', EXAMPLES)
  const withDatabase = (name: string): Command =>
    command.command(name).addOption(databaseOption()).addOption(accessDatabaseOption())
  withDatabase('create')
    .description('make a token, and print its value, which is shown this once')
    .requiredOption('--name <name>', 'who or what it is for, as the log names it')
    .requiredOption('--scope <list>', `what it may do: ${SCOPES.join(', ')}; several with commas`, scopes)
    .option('--expires <span>', 'how long it lasts, such as 12h or 30d (default: until it is revoked)', span)
    .option('--origin <url...>', 'origins whose pages may use it; of scope browser')
    .option('--json', 'print one JSON object')
    .action(create)
  withDatabase('list')
    .description('print the tokens, the newest first; their values are kept nowhere')
    .option('--json', 'print JSON, one object a line')
    .action(list)
  withDatabase('revoke')
    .description('end a token, and whoever signed in with it, at once')
    .argument('<token>', 'its id or its name')
    .action(revoke)
  return command
}

const EXAMPLES = `
Scopes: read looks trails up, link ties tickets to them and says who handles them, ingest sends steps as a server and links, browser sends a page's
steps with a public key, metrics reads the desk's counts, admin reads the access log, exports and erases.
Tokens are kept as hashes, beside a SQLite file in one such as waybill.db.access, else within the desk's database. A running desk sees a change with
its next request.

Examples:
  $ waybill token create --name jane@shop.example --scope read,admin --expires 90d
  $ waybill token create --name ada@shop.example --scope read,link --expires 90d
  $ waybill token create --name shop-web --scope browser --origin https://shop.example
  $ waybill token revoke jane@shop.example`

interface DatabaseOption {
  readonly database: string
  readonly accessDatabase?: string
}

interface CreateOptions extends DatabaseOption {
  readonly name: string
  readonly scope: readonly Scope[]
  readonly expires?: number
  readonly origin?: readonly string[]
  readonly json?: boolean
}

async function create(options: CreateOptions, command: Command): Promise<void> {
  const { name, scope, expires, origin, json } = options
  await withTokens(options, command, async (tokens) => {
    const expiresAt = expires === undefined ? null : Date.now() + expires
    const { value, ...token } = await tokens.create({ name, scopes: scope, origins: origin, expiresAt })
    if (json) return console.log(JSON.stringify({ ...objectOf(token), value }))
    console.log(value)
    console.error(
      `[waybill] ${lineOf(token)}\nKeep the value now: the desk has only its hash and cannot show it again.`,
    )
  })
}

async function list(
  { json, ...options }: DatabaseOption & { readonly json?: boolean },
  command: Command,
): Promise<void> {
  await withTokens(options, command, async (tokens) => {
    const all = await tokens.list()
    for (const token of all) console.log(json ? JSON.stringify(objectOf(token)) : lineOf(token))
    if (all.length === 0 && !json) console.error('[waybill] No tokens yet. Make one: waybill token create --help')
  })
}

async function revoke(token: string, options: DatabaseOption, command: Command): Promise<void> {
  await withTokens(options, command, async (tokens) => {
    if (await tokens.revoke(token)) return console.log('revoked')
    console.error('[waybill] No token in force has this id or name. See waybill token list.')
    process.exitCode = 1
  })
}

async function withTokens(
  { database, accessDatabase }: DatabaseOption,
  command: Command,
  work: (tokens: Tokens) => Promise<void>,
): Promise<void> {
  const shown = checkedDatabase(database, command)
  // Only now, so that the other commands need not load a database.
  const { openAccessStore } = await import('../access/openAccessStore.ts')
  const { createTokens } = await import('../access/createTokens.ts')
  try {
    const store = openAccessStore({ database, accessDatabase })
    try {
      await work(createTokens({ store, by: commandUser() }))
    } finally {
      await store.stop()
    }
  } catch (error) {
    console.error(faultText(error, shown))
    process.exitCode = error instanceof TypeError ? 2 : 1
  }
}

function lineOf({ id, name, scopes, origins, expiresAt, revokedAt }: Token): string {
  const until =
    revokedAt !== null
      ? `revoked ${dayOf(revokedAt)}`
      : expiresAt === null
        ? 'until revoked'
        : expiresAt <= Date.now()
          ? `expired ${dayOf(expiresAt)}`
          : `until ${dayOf(expiresAt)}`
  return [id, name, scopes.join(','), until, ...origins].join('  ')
}

function objectOf({ createdAt, expiresAt, revokedAt, ...token }: Token): object {
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
  return { ...token, createdAt: iso(createdAt), expiresAt: iso(expiresAt), revokedAt: iso(revokedAt) }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

function scopes(list: string): Scope[] {
  return list.split(',').map((text) => {
    const found = SCOPES.find((scope) => scope === text.trim())
    if (!found) throw new InvalidArgumentError(`A scope is one of ${SCOPES.join(', ')}.`)
    return found
  })
}

function span(text: string): number {
  const ms = spanIn(text)
  if (ms === null) throw new InvalidArgumentError('It must be a number with m, h or d, such as 12h or 30d.')
  return ms
}
