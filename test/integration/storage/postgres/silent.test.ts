/** A server that says anything is told from one that says nothing. */
import net, { type AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { isSilent } from '../../../../src-main/storage/postgres/silent'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import { parseServerText } from '../../../../src-shared/server-url'

/** Longer than a machine that is busy takes for a word, and than anybody waits. */
const longMs = 60_000

const servers: net.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A port at which `answer` is what a connection gets. */
async function portOf(answer: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    answer(socket)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const at = (...ports: readonly number[]) =>
  asServerConnection(
    parseServerText(`postgresql://ana@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/faces`).settings,
  )
const silence = () => portOf(() => undefined)
const word = () => portOf((socket) => socket.once('data', () => socket.write('N')))

it('one word is enough, of any host', async () => {
  expect(await isSilent(at(await word()), longMs)).toBe(false)
  expect(await isSilent(at(await silence(), await word()), longMs)).toBe(false)
})

it('to refuse, or to hang up, is not to be silent: whoever connects is told at once', async () => {
  const closed = await portOf(() => undefined)
  servers.pop()!.close()
  expect(await isSilent(at(closed), longMs)).toBe(false)
  expect(await isSilent(at(await portOf((socket) => socket.end())), longMs)).toBe(false)
})

it('nothing said in time is silence, also where another host refuses', async () => {
  const closed = await portOf(() => undefined)
  servers.pop()!.close()
  expect(await isSilent(at(await silence()), 50)).toBe(true)
  expect(await isSilent(at(closed, await silence()), 50)).toBe(true)
})
