/** Requests about the diagnosis of a store. Runs in main. */
import writeFileAtomic from 'write-file-atomic'
import { diagnosisJson, diagnosisReport } from '../../../src-shared/diagnosis-report'
import type { Handlers } from '../register'
import type { Services } from './services'

export function diagnosisHandlers({ diagnoses, desktop }: Services) {
  return {
    'diagnosis.state': () => diagnoses.state,
    'diagnosis.start': ({ diagnosed }) => diagnoses.start(diagnosed),
    'diagnosis.save': async ({ format }) => {
      const { last } = diagnoses
      const day = new Date(last.startedAt).toISOString().slice(0, 10)
      const path = await desktop.chooseSave(`visor-diagnosis-${day}.${format}`, format)
      if (path === undefined) return { saved: false }
      const text =
        format === 'md' ? diagnosisReport(last) : `${JSON.stringify(diagnosisJson(last), null, 2)}\n`
      await writeFileAtomic(path, text)
      return { saved: true }
    },
  } satisfies Partial<Handlers>
}
