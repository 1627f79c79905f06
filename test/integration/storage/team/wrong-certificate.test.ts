/** A server whose certificate is not to be trusted any more, while a console is open and when it starts: an outage. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { hasServer } from '../../../postgres/databases'
import { migratedDatabase } from '../../../postgres/migrated'
import { type Appearance, type SecuredServer, securedServer } from '../postgres/secured-server'
import { Console } from './console'

describe.skipIf(!hasServer())('a certificate that is not to be trusted', () => {
  let built: BuiltStore
  let secured: SecuredServer
  let served: { readonly host: string; readonly port: number; readonly url: string }
  let here: Console
  beforeAll(async () => {
    built = await buildStore()
    secured = await securedServer()
    const database = await migratedDatabase({ server: secured.server })
    await secured.show('right')
    const url = `${database.url}?sslmode=verify-full&sslrootcert=${secured.authorityFile}`
    served = { host: database.host, port: database.port, url }
    here = await Console.open(built.folder, served)
  })
  afterAll(async () => {
    await here.close()
    await secured.server.close()
    secured.removeFolder()
    built.remove()
  })

  const wrong: readonly (readonly [Appearance, string])[] = [
    ['other-authority', 'untrusted'],
    ['expired', 'expired'],
    ['other-host', 'wrong-host'],
  ]

  test.each(wrong)('while the console is open: %s', async (appearance, reason) => {
    const seed = wrong.findIndex(([name]) => name === appearance) + 1
    const person = await here.alone(() => here.enrol(`Ana ${seed}`, seed))
    await secured.show(appearance)
    // Connections that there are go on; new ones are what it is about.
    here.line.reset()
    const answer = await here.search(seed)
    expect(answer.side).toEqual({ mode: 'cache', asOf: expect.any(Number) })
    expect(answer.probes[0]!.persons[0]).toMatchObject({ personId: person })
    expect(here.store.link).toMatchObject({ why: { failure: { kind: 'tls', reason, outage: true } } })
    const bojan = await here.enrol(`Bojan ${seed}`, 10 + seed)
    expect(await here.store.outboxEntries()).toHaveLength(1)

    await secured.show('right')
    await here.until('up')
    expect(await here.store.outboxEntries()).toEqual([])
    expect(await here.store.gallery.person(bojan)).toMatchObject({ name: `Bojan ${seed}`, faces: 1 })
    expect((await here.search(seed)).side).toEqual({ mode: 'server' })
    await here.sync()
  })

  test('when the console starts: what it kept is there, and what it edits gets there', async () => {
    await here.alone(() => here.enrol('Cene', 4))
    await here.leave()
    await secured.show('other-authority')
    here = await Console.again(built.folder, served, here.folder)
    expect(here.store.link).toMatchObject({ state: 'gone', why: { failure: { kind: 'tls' } } })
    expect((await here.search(4)).probes[0]!.persons[0]).toMatchObject({ name: 'Cene' })
    const dana = await here.enrol('Dana', 5)
    await secured.show('right')
    await here.until('up')
    expect(await here.store.gallery.person(dana)).toMatchObject({ name: 'Dana', faces: 1 })
  })
})
