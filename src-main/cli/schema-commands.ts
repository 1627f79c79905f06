/** The options of `visor schema …`. Runs on the command line. */
import type { Command } from 'commander'
import type { CommandFrame } from './command-frame'
import { migrateSchema, planSchema, showSchema, verifySchema } from './schema'

/** Adds the commands to the program. */
export function addSchemaCommands(program: Command, frame: CommandFrame): void {
  const schema = program
    .command('schema')
    .description('the tables of a database: those of the server that is named, else of the data folder')
  schema
    .command('status')
    .description('what is there and what is pending; exit code 1 where it is not up to date')
    .action(frame.action(async (output, folder) => showSchema(frame.schemaOf(folder), output)))
  schema
    .command('plan')
    .description('what “up” would run, with the SQL')
    .action(frame.action(async (output, folder) => planSchema(frame.schemaOf(folder), output)))
  schema
    .command('up')
    .description('run what is pending; Ctrl-C rolls back the migration that runs')
    .action(
      frame.action(async (output, folder) => migrateSchema(frame.schemaOf(folder), output, frame.signal)),
    )
  schema
    .command('verify')
    .description('compare what was applied with what this program knows; exit code 1 where they differ')
    .action(frame.action(async (output, folder) => verifySchema(frame.schemaOf(folder), output)))
}
