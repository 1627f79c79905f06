/** Where an import comes from: dropped, chosen, or the address of a database. Renderer. */
import { Button } from '@mantine/core'
import { IconDatabaseImport } from '@tabler/icons-react'
import { useState } from 'react'
import { EmptyState } from '../../../components/empty-state'
import { useActions } from '../../../state/use-visor'
import { DatabaseSource } from './database-source'
import styles from './source-choice.module.css'

export function SourceChoice() {
  const { chooseSource } = useActions()
  const [asksDatabase, setAsksDatabase] = useState(false)
  if (asksDatabase) return <DatabaseSource onClose={() => setAsksDatabase(false)} />
  return (
    <div className={styles.choice} data-testid="source-choice">
      <EmptyState
        picture={<IconDatabaseImport size={44} stroke={1.2} />}
        title="Drop what is to be moved over"
        text="A pickle that DeepFace wrote, the SQLite file of a legacy system, a folder with a folder of photos for each person, or the data of another Visor. It is only read, and looked at first: nothing is written before you say so."
      >
        <Button variant="default" onClick={() => void chooseSource('file')}>
          Choose a file…
        </Button>
        <Button variant="default" onClick={() => void chooseSource('folder')}>
          Choose a folder…
        </Button>
        <Button variant="default" onClick={() => setAsksDatabase(true)}>
          Connect to PostgreSQL…
        </Button>
      </EmptyState>
    </div>
  )
}
