/** The options of `visor members …`. Runs on the command line. */
import type { Command } from 'commander'
import { readSettings } from '../services/settings-file'
import type { CommandFrame } from './command-frame'
import { changeMember, onServer, showMembers } from './members'

/** Adds the commands to the program. */
export function addMembersCommands(program: Command, frame: CommandFrame): void {
  const members = program
    .command('members')
    .description('who works for which clients on a server; for admins')
  members
    .command('list', { isDefault: true })
    .description('logins and groups, their clients, and what they may do')
    .action(
      frame.action(async (output, folder) =>
        onServer(frame.modeOfRun(readSettings(folder.settingsFile)), (client) => showMembers(client, output)),
      ),
    )
  for (const [name, description, bound] of [
    ['add', 'let a login or group work for a client; * for all', true],
    ['remove', 'take that back', false],
  ] as const) {
    members
      .command(name)
      .description(description)
      .argument('<role>', 'a login or a group of the server')
      .argument('<client>')
      .action(
        frame.action(async (output, folder, role: string, of: string) =>
          onServer(frame.modeOfRun(readSettings(folder.settingsFile)), (client) =>
            changeMember(client, { role, of, bound }, output),
          ),
        ),
      )
  }
}
