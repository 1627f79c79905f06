/** What `compose.yaml` says, and what it may say: of the Compose specification only what it uses. Tests. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** Of https://docs.docker.com/reference/compose-file: a key of another name is a mistake, which Compose refuses as well. */
const duration = z.string().regex(/^(\d+h)?(\d+m)?(\d+s)?$/)
const size = z.string().regex(/^\d+(b|k|kb|m|mb|g|gb)$/)
const postgresSchema = z.strictObject({
  image: z.string(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  environment: z.record(z.string().regex(/^[A-Z_]+$/), z.string()),
  secrets: z.array(z.string()),
  ports: z.array(z.string()),
  volumes: z.array(z.string()),
  shm_size: size,
  command: z.array(z.string()),
  healthcheck: z.strictObject({
    test: z.tuple([z.literal('CMD-SHELL'), z.string()]),
    interval: duration,
    timeout: duration,
    retries: z.int(),
    start_period: duration,
  }),
  stop_grace_period: duration,
})
const composeSchema = z.strictObject({
  services: z.strictObject({ postgres: postgresSchema }),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  volumes: z.record(z.string(), z.null()),
})

/** The file, parsed by YAML 1.2 with every warning an error. */
export function composeFile(): z.infer<typeof composeSchema> {
  const text = readFileSync(join(import.meta.dirname, '../compose.yaml'), 'utf8')
  return composeSchema.parse(parse(text, { version: '1.2', strict: true, uniqueKeys: true }))
}
