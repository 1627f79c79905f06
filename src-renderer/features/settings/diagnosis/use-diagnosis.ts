/** The diagnosis that runs or was made last, as main tells it. Renderer. */
import { useEffect, useState } from 'react'
import type { DiagnosisState } from '../../../../src-shared/diagnosis'
import { on, request } from '../../../api'
import { useActions } from '../../../state/use-visor'

/** `undefined` until main has answered. */
export function useDiagnosis(): DiagnosisState | undefined {
  const { attempt } = useActions()
  const [state, setState] = useState<DiagnosisState>()
  useEffect(() => {
    let current = true
    // What is told comes after what is asked: an answer never replaces it.
    const end = on('diagnosis', (told) => {
      current = false
      setState(told)
    })
    void attempt(async () => {
      const answer = await request('diagnosis.state')
      if (current) setState(answer)
    })
    return () => {
      current = false
      end()
    }
  }, [attempt])
  return state
}
