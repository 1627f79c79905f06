/** The password of a database that is to be read once more, where Visor does not hold it. Renderer. */
import { PasswordInput } from '@mantine/core'
import type { ImportRun } from '../../../../src-shared/import-run'
import { useActions, useMayDo, useVisor } from '../../../state/use-visor'

/** Nothing where the source is a file, or needs to be read no more. */
export function SourcePassword({ run }: { readonly run: ImportRun }) {
  const curates = useMayDo('curate')
  const value = useVisor((state) => state.importPassword)
  const { setImportPassword } = useActions()
  if (!curates || run.source?.at !== 'server' || run.state === 'undone') return null
  return (
    <PasswordInput
      label="Password of the source"
      description="To read it once more; held until Visor is closed. Left empty: the one that is held, or as psql finds it."
      size="xs"
      maw={420}
      mb={12}
      autoComplete="off"
      maxLength={1024}
      visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
      value={value}
      onChange={(event) => setImportPassword(event.currentTarget.value)}
    />
  )
}
