/** `visor members`: who works for which clients on a server. Runs on the command line. */
import { VisorError } from '../../src-shared/errors'
import { clientFor, type ServerClient } from '../storage/postgres/connect'
import { resolveServer } from '../storage/postgres/conninfo'
import {
  addMember,
  everyClient,
  listMembers,
  memberClientSchema,
  removeMember,
} from '../storage/postgres/members'
import type { ModeOfRun } from './mode'
import type { Output } from './output'

/** Runs `work` on a connection to the server. Raises `invalid-argument` where none is worked on, and what connecting raises. */
export async function onServer(
  { mode, connection, password }: ModeOfRun,
  work: (client: ServerClient) => Promise<void>,
): Promise<void> {
  if (mode === 'local') {
    throw new VisorError('invalid-argument', 'Members are of a server, and no server is in use.', {
      consequence: 'Nothing was done.',
      remedy: 'Name one with --postgres, or: visor mode set server',
    })
  }
  const client = await clientFor(await resolveServer(connection, password))
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** One answer a binding. */
export async function showMembers(client: ServerClient, output: Output): Promise<void> {
  for (const { role, client: of, exists, may } of await listMembers(client)) {
    const what = exists ? may.join(', ') || 'has none of Visor’s roles' : 'is not on the server any more'
    output.answer(
      { role, client: of, exists, may },
      `${role}  ${of === everyClient ? 'all clients' : of}  ${what}`,
    )
  }
}

/** Binds a role to a client, or with `bound` false takes it back. */
export async function changeMember(
  client: ServerClient,
  { role, of, bound }: { readonly role: string; readonly of: string; readonly bound: boolean },
  output: Output,
): Promise<void> {
  const named = memberClientSchema.safeParse(of)
  if (!named.success)
    throw new VisorError('invalid-argument', 'A client needs a name of 1 to 200 characters.')
  const change = bound ? addMember : removeMember
  const changed = await change(client, role, named.data)
  const clients = of === everyClient ? 'all clients' : of
  const words = bound
    ? `${role} ${changed ? 'works' : 'worked already'} for ${clients}`
    : `${role} ${changed ? 'works no longer' : 'did not work'} for ${clients}`
  output.answer({ role, client: of, bound, changed }, `${words}.`)
}
