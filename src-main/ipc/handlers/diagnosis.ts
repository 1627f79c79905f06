/** Requests about diagnoses. Runs in main. */
import writeFileAtomic from 'write-file-atomic'
import { diagnosisJson, diagnosisReport } from '../../../src-shared/diagnosis-report'
import type { Handlers } from '../register'
import type { Services } from './services'

export function diagnosisHandlers({ diagnoses, desktop }: Services) {
  return {
    'diagnosis.state': () => diagnoses.state,
    'diagnosis.start': (wish) => diagnoses.start(wish),
    'diagnosis.save': async ({ format }) => {
      const { last } = diagnoses
      const day = new Date(last.startedAt).toISOString().slice(0, 10)
      const what = last.diagnosed === 'isolation' ? 'isolation' : 'diagnosis'
      const path = await desktop.chooseSave(`visor-${what}-${day}.${format}`, format)
      if (path === undefined) return { saved: false }
      const text =
        format === 'md' ? diagnosisReport(last) : `${JSON.stringify(diagnosisJson(last), null, 2)}\n`
      await writeFileAtomic(path, text)
      return { saved: true }
    },
  } satisfies Partial<Handlers>
}
