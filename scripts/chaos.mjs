/** `npm run chaos [-- --rounds N] [--seed S]`: consoles that edit while everything fails; see docs/outages.md. */
import { parseArgs } from 'node:util'
import { runChild } from './setup/child.mjs'
import { asNode } from './setup/electron-runtime.mjs'
import { runScript } from './setup/failure.mjs'
import { at } from './setup/places.mjs'
import { announcePostgres, setUp } from './setup/set-up.mjs'

await runScript(async () => {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } })
  const runtime = await setUp({ stream: process.stdout, withDisplay: false, withPostgres: true })
  announcePostgres(process.stdout)
  const environment = {
    ...process.env,
    VISOR_CHAOS_ROUNDS: values.rounds ?? '100',
    ...(values.seed === undefined ? {} : { VISOR_CHAOS_SEED: values.seed }),
  }
  const args = [at('node_modules/vitest/vitest.mjs'), 'run', 'test/integration/storage/team/chaos.test.ts']
  return runChild(runtime.executable, args, { env: asNode(environment), group: true })
})
