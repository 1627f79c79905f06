/** `compose.yaml` is what Compose and the image understand, and leaves nobody's password or port open. */
import { expect, test } from 'vitest'
import { composeFile } from '../compose-file'

const { services, secrets, volumes } = composeFile()
const { postgres } = services

test('the image is one that pgvector publishes', () => {
  // `pgN` for each PostgreSQL of its README, Docker.
  expect(postgres.image).toBe('pgvector/pgvector:pg17')
})

test('the data is in a named volume, where the image of that version has it', () => {
  // From 18 on it is /var/lib/postgresql: another image needs another path.
  expect(postgres.volumes).toEqual(['visor-data:/var/lib/postgresql/data'])
  expect(Object.keys(volumes)).toEqual(['visor-data'])
})

test('the password is in a file of its own, which git does not take', () => {
  const { POSTGRES_PASSWORD_FILE: path, ...others } = postgres.environment
  expect(postgres.secrets.map((name) => `/run/secrets/${name}`)).toEqual([path])
  expect(Object.keys(secrets)).toEqual(postgres.secrets)
  expect(Object.keys(others).filter((name) => /PASSWORD|SECRET|TRUST|AUTH_METHOD/.test(name))).toEqual([])
})

test('it listens on this machine alone', () => {
  expect(postgres.ports).toEqual(['127.0.0.1:5432:5432'])
})

test('it counts as healthy when the database that it makes takes connections', () => {
  const { POSTGRES_DB: database, POSTGRES_USER: user } = postgres.environment
  expect(postgres.healthcheck.test[1]).toBe(`pg_isready --username=${user} --dbname=${database}`)
})

test('a parallel build of the index has as much shared memory as it may use', () => {
  const settings = Object.fromEntries(
    postgres.command.flatMap((word) => (word.includes('=') ? [word.split('=')] : [])),
  ) as Record<string, string>
  expect(postgres.shm_size).toBe(settings.maintenance_work_mem?.toLowerCase())
})
