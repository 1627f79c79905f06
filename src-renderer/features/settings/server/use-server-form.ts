/** The connection as it is kept and as it is being changed, and its test. Renderer. */
import { useEffect, useState } from 'react'
import type { ServerSetup } from '../../../../src-shared/requests/server'
import type { ServerTestReport, ServerTestStep } from '../../../../src-shared/server-test'
import { on, request } from '../../../api'
import { useActions } from '../../../state/use-visor'
import { formOf, type ServerForm } from './server-form'

/** A test that runs (`report` absent) or was run. */
export interface ServerTest {
  readonly testId: string
  readonly steps: readonly ServerTestStep[]
  readonly report: ServerTestReport | undefined
}

export function useServerForm() {
  const { attempt } = useActions()
  const [setup, setSetup] = useState<ServerSetup>()
  const [form, setForm] = useState<ServerForm>()
  const [test, setTest] = useState<ServerTest>()

  useEffect(() => {
    let current = true
    void attempt(async () => {
      const kept = await request('server.setup')
      if (!current) return
      setSetup(kept)
      setForm(formOf(kept.connection))
    })
    const end = on('serverTest', ({ testId, step }) =>
      setTest((now) =>
        // The report has them all; one that comes after it is old.
        now?.testId === testId && now.report === undefined ? { ...now, steps: [...now.steps, step] } : now,
      ),
    )
    return () => {
      current = false
      end()
    }
  }, [attempt])

  /** What was typed anew, for main; it is forgotten here as soon as it is kept. */
  const typed = () => (form === undefined || form.password === '' ? null : form.password)

  return {
    setup,
    form,
    test,
    change: (next: ServerForm) => {
      setForm(next)
      // What was tried is not what stands there any more.
      if (test?.report !== undefined) setTest(undefined)
    },
    /** Whether it was kept. */
    async save(): Promise<boolean> {
      if (form === undefined) return false
      let done = false
      await attempt(async () => {
        setSetup(await request('server.save', { connection: form.connection, password: typed() }))
        setForm({ ...form, password: '' })
        done = true
      })
      return done
    },
    forgetPassword: () => attempt(async () => setSetup(await request('server.forgetPassword'))),
    runTest: () =>
      attempt(async () => {
        if (form === undefined) return
        const testId = crypto.randomUUID()
        setTest({ testId, steps: [], report: undefined })
        try {
          const report = await request('server.test', {
            testId,
            connection: form.connection,
            password: typed(),
          })
          setTest((now) => (now?.testId === testId ? { testId, steps: report.steps, report } : now))
        } catch (error) {
          setTest(undefined)
          throw error
        }
      }),
    cancelTest: () =>
      attempt(async () => {
        if (test !== undefined) await request('server.cancelTest', { testId: test.testId })
      }),
  }
}
