import type { Command } from 'commander'

/** The options of every command that asks a desk for what only an admin may have. */
export function withDeskOptions(command: Command): Command {
  return command
    .option('--desk <url>', 'the desk', 'http://localhost:4100')
    .option('--token-env <name>', 'the environment variable that holds a token with scope admin', 'WAYBILL_DESK_TOKEN')
}

export interface DeskOptions {
  readonly desk: string
  readonly tokenEnv: string
}
