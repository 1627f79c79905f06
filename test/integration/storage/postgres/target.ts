/** Where a test connects to: a URL, in surroundings without a home, an environment or a password file. */
import { join } from 'node:path'
import { expect } from 'vitest'
import {
  resolveServer,
  type ServerTarget,
  type Surroundings,
} from '../../../../src-main/storage/postgres/conninfo'
import type { ServerPool } from '../../../../src-shared/server'
import { ServerError, type ServerFailure } from '../../../../src-shared/server-failure'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import { parseServerText } from '../../../../src-shared/server-url'

/** `home`: the folder of libpq's own files, for a test that has some. */
export function targetOf(
  text: string,
  pool: Partial<ServerPool> = {},
  home = join(import.meta.dirname, 'nowhere'),
): Promise<ServerTarget> {
  const { settings, password } = parseServerText(text)
  const connection = asServerConnection(settings)
  const surroundings: Surroundings = {
    environment: {},
    platform: process.platform,
    home,
    systemUser: 'nobody',
  }
  return resolveServer(
    { ...connection, pool: { ...connection.pool, connectTimeoutMs: 3000, ...pool } },
    password ?? undefined,
    surroundings,
  )
}

/** The failure that `work` ends with; a test fails where it ends otherwise. */
export async function failureOf(work: Promise<unknown>): Promise<ServerFailure> {
  return (await errorOf(work)).failure
}

export async function errorOf(work: Promise<unknown>): Promise<ServerError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ServerError)
  return error as ServerError
}
