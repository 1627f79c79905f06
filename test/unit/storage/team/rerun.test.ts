/** Work that is asked for more often than it has to be done: once at a time, and never before whoever asked. */
import { expect, test } from 'vitest'
import { Rerun } from '../../../../src-main/storage/team/rerun'

/** Runs that are to be ended by hand. */
function runs() {
  const begun: PromiseWithResolvers<void>[] = []
  const rerun = new Rerun(() => {
    const run = Promise.withResolvers<void>()
    begun.push(run)
    return run.promise
  })
  return { begun, rerun }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('whoever asks while it runs shares the next run', async () => {
  const { begun, rerun } = runs()
  const first = rerun.soon()
  await turn()
  const [second, third] = [rerun.soon(), rerun.soon()]
  await turn()
  expect(begun).toHaveLength(1)
  begun[0]!.resolve()
  await first
  await turn()
  expect(begun).toHaveLength(2)
  begun[1]!.resolve()
  await Promise.all([second, third])
  expect(begun).toHaveLength(2)
})

test('a run that fails is told to whoever shares it, and the next one runs', async () => {
  const { begun, rerun } = runs()
  const asked = [rerun.soon(), rerun.soon()]
  await turn()
  begun[0]!.reject(new Error('It failed.'))
  for (const one of asked) await expect(one).rejects.toThrow('It failed.')
  const next = rerun.soon()
  await turn()
  begun[1]!.resolve()
  await next
})
