/** Whether the embeddings of a source are of the model in use: asked of photos that are at hand. Renderer. */
import { Button, Progress, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconQuestionMark } from '@tabler/icons-react'
import type { Inspection } from '../../../../src-shared/import'
import type { ModelCheck as Check } from '../../../../src-shared/import-run'
import { useActions, useVisor } from '../../../state/use-visor'
import { checkWords } from './check-words'
import styles from './model-check.module.css'
import { PhotoPlaces } from './photo-places'

interface ModelCheckProps {
  readonly check: Check | undefined
  readonly found: Inspection
  /** The embeddings are taken for the model in use. */
  readonly isActive: boolean
  /** Somebody said of which model they are. */
  readonly isChosen: boolean
}

const icons = { same: IconCheck, another: IconAlertTriangle, unknown: IconQuestionMark } as const

export function ModelCheck({ check, found, isActive, isChosen }: ModelCheckProps) {
  const { checkModel } = useActions()
  const look = useVisor((state) => state.importLook)
  const folder = useVisor((state) => state.photoFolder)
  const example = found.preview.find(({ photo }) => photo !== null)?.photo ?? null
  const words = check === undefined ? undefined : checkWords(check, { isActive, isChosen, folder })
  const Icon = check === undefined ? undefined : icons[check.verdict]
  return (
    <div className={styles.check} data-testid="model-check">
      <Text size="sm">
        Whether they are of the model in use can be told where photos are at hand: up to twenty faces are
        embedded anew and compared with what the source has.
      </Text>
      <PhotoPlaces example={example} inSource={found.mapping?.faces.columns.image !== undefined} />
      {look?.what === 'check' ? (
        <Progress value={100 * (look.progress?.share ?? 0)} aria-label="Faces are compared" maw={480} />
      ) : (
        <Button variant="default" disabled={look !== undefined} onClick={() => void checkModel()}>
          {check === undefined ? 'Check the model' : 'Check again'}
        </Button>
      )}
      {words !== undefined && Icon !== undefined && look?.what !== 'check' && (
        <div className={styles.verdict} data-verdict={check?.verdict} role="status">
          <Icon size={18} stroke={1.8} aria-hidden />
          <div>
            <strong>{words.verdict}</strong> {words.figure}
            <br />
            {words.next}
          </div>
        </div>
      )}
    </div>
  )
}
