import { Command } from 'commander'
import { backupCommand } from './backupCommand.ts'
import { deskCommand } from './deskCommand.ts'
import { drillCommand } from './drillCommand.ts'
import { findCommand } from './findCommand.ts'
import { eraseCommand } from './eraseCommand.ts'
import { exportCommand } from './exportCommand.ts'
import { lengthCommand } from './lengthCommand.ts'
import { mapCommand } from './mapCommand.ts'
import { mcpCommand } from './mcpCommand.ts'
import { migrateCommand } from './migrateCommand.ts'
import { pruneCommand } from './pruneCommand.ts'
import { readCommand } from './readCommand.ts'
import { referenceCommand } from './referenceCommand.ts'
import { suggestCommand } from './suggestCommand.ts'
import { tokenCommand } from './tokenCommand.ts'
import { tailCommand } from './tailCommand.ts'
import { traceIdCommand } from './traceIdCommand.ts'

/** The `waybill` command. Exit codes: 0 done; 1 the answer is no, or the desk could not start; 2 used wrongly. */
export function createProgram(): Command {
  const program = new Command('waybill')
    .description('One short reference follows a customer action through every system that touches it.')
    .showHelpAfterError('(see waybill --help)')
    .addHelpText('after', '\nExit codes: 0 done; 1 the answer is no; 2 used wrongly.')
    .addCommand(readCommand())
    .addCommand(suggestCommand())
    .addCommand(traceIdCommand())
    .addCommand(referenceCommand())
    .addCommand(lengthCommand())
    .addCommand(deskCommand())
    .addCommand(findCommand())
    .addCommand(tailCommand())
    .addCommand(drillCommand())
    .addCommand(mapCommand())
    .addCommand(mcpCommand())
    .addCommand(tokenCommand())
    .addCommand(backupCommand())
    .addCommand(pruneCommand())
    .addCommand(migrateCommand())
    .addCommand(exportCommand())
    .addCommand(eraseCommand())
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    command
      .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
      .configureOutput(program.configureOutput())
  }
  return program
}
