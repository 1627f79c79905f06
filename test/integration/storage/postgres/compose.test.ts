/** PostgreSQL's own programs understand what `compose.yaml` tells them, where there is no Docker to try it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeFile } from '../../../compose-file'
import { hasServer, testDatabase } from '../../../postgres/databases'
import { chosenPostgres, handOver, makeServerFolder, runAs, serverProgram } from '../../../postgres/program'

const execute = promisify(execFile)
const { command, environment, healthcheck } = composeFile().services.postgres

describe.skipIf(!hasServer())('compose.yaml', () => {
  let folder: string
  let bin: string
  const run = async (program: string, args: readonly string[], env: Record<string, string> = {}) => {
    const user = program === 'pg_isready' ? {} : (runAs() ?? {})
    const options = { ...user, cwd: folder, env: { ...process.env, ...env } }
    const { stdout } = await execute(join(bin, program), args, options)
    return stdout.trim()
  }
  beforeAll(() => {
    const chosen = chosenPostgres()
    if (chosen.kind !== 'server') throw new Error('The stand-in has no programs.')
    bin = chosen.bin
    folder = mkdtempSync(join(tmpdir(), 'visor-compose-'))
    makeServerFolder(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('makes a cluster that takes passwords only, and starts with settings that there are', async () => {
    const password = join(folder, 'password')
    writeFileSync(password, 'a long password')
    handOver(password)
    const data = join(folder, 'data')
    const { POSTGRES_INITDB_ARGS: given = '', POSTGRES_USER: user = '' } = environment
    // As the image's entry point calls it.
    await run('initdb', [`--username=${user}`, `--pwfile=${password}`, ...given.split(' '), data])
    const [program, ...flags] = command
    expect(serverProgram(bin)).toContain(program)
    const names = flags.flatMap((word) => (word.includes('=') ? [word.split('=')[0]!] : []))
    expect(names.length).toBeGreaterThan(0)
    // It says no to a setting or a value that it does not know.
    for (const name of names)
      expect(Number(await run('postgres', ['-D', data, ...flags, '-C', name]))).toBeGreaterThan(0)
    const access = readFileSync(join(data, 'pg_hba.conf'), 'utf8')
    const methods = [...access.matchAll(/^host.*\s(\S+)$/gm)].map((match) => match[1])
    expect(new Set(methods)).toEqual(new Set(['scram-sha-256']))
  })

  test('asks for its health as pg_isready understands it', async () => {
    const database = await testDatabase()
    const [program = '', ...args] = healthcheck.test[1].split(' ')
    const env = { PGHOST: database.host, PGPORT: String(database.port) }
    expect(await run(program, args, env)).toContain('accepting connections')
    await database.drop()
  })
})
