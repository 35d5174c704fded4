import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import type { Erased } from '../store/Store.ts'
import { askDesk, withDeskOptions } from './askDesk.ts'
import type { AskedDesk } from './askDesk.ts'
import { personIn, personOption } from './personOption.ts'

/** `waybill erase`: takes a person, or one trail, out of a desk for good. */
export function eraseCommand(): Command {
  const command = new Command('erase')
    .description('erase a person, or one trail, from a running desk and from the bytes of its files')
    .addOption(personOption().conflicts('reference'))
    .option('--reference <code>', 'one trail, whosever it is')
    .option('--dry-run', 'only say how much would go', false)
    .option('--yes', 'do not ask whether to go on; for scripts', false)
  return withDeskOptions(command).addHelpText('after', EXAMPLES).action(run)
}

const EXAMPLES = `
A person's trails go as a whole. Of a trail in which servers name others as well, such as a nightly run, only their part goes; from
trails of others, a fact that is their id. What arrives afterwards is kept anew, and backups made before still hold it all.
The database is written anew, for which the disk needs as much room again; senders wait meanwhile.

Examples:
  $ waybill erase --person C-2041 --dry-run
  $ printf %s C-2041 | waybill erase --person - --yes
  $ waybill erase --reference RF7-K29-QXR`

interface EraseCommandOptions extends AskedDesk {
  readonly person?: string
  readonly reference?: string
  readonly dryRun: boolean
  readonly yes: boolean
}

async function run(options: EraseCommandOptions, command: Command): Promise<void> {
  const { desk, tokenEnv, person, reference, dryRun, yes } = options
  if (person === undefined && reference === undefined) command.error('error: say whom: --person or --reference')
  const whom = person === undefined ? { reference } : { person: await personIn(person) }
  const ask = async (isDryRun: boolean): Promise<Erased | undefined> => {
    const json = { ...whom, dryRun: isDryRun }
    const asked = await askDesk('/api/erase', {
      desk,
      tokenEnv,
      json,
      scope: 'admin',
      patienceMs: LONG_MS,
      isAnswer: isErased,
    })
    if (asked.ok) return asked.answer
    console.error(asked.message)
    if (!isDryRun && asked.reason === 'unreachable')
      console.error(
        '[waybill] It may still be erasing, which takes minutes in a large database: run this again to see.',
      )
    process.exitCode = asked.reason === 'misuse' ? 2 : 1
    return undefined
  }
  const found = await ask(true)
  if (!found) return
  console.log(
    `${countText(found.trails)} would be erased, and ${countText(found.stripped)} of others would lose their part.`,
  )
  if (dryRun) return
  // Nothing found is no end: what retention forgot before may still be in free parts of the file.
  if (!yes && !(await isConfirmed())) return void (process.exitCode = 1)
  const erased = await ask(false)
  if (!erased) return
  console.log(`${countText(erased.trails)} erased; ${countText(erased.stripped)} of others lost their part.`)
  if (erased.cleared) return
  console.error(
    '[waybill] They are found no more, but their bytes are still in the files, because another program was reading the database or the disk is full. Run this once more when that is over.',
  )
  process.exitCode = 1
}

/** A large database takes minutes to be written anew; the desk cuts connections that carry nothing for longer than this. */
const LONG_MS = 300_000

function isErased(answer: unknown): answer is Erased {
  return typeof Object(answer).trails === 'number'
}

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('[waybill] Nothing was erased, since nobody is here to be asked. Add --yes when this is meant.')
    return false
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('This cannot be undone. Type "erase" to go on: ')
  terminal.close()
  return answer.trim() === 'erase'
}

function countText(count: number): string {
  return count === 1 ? '1 trail' : `${count} trails`
}
