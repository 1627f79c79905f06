/** What an erasure would take, why it is done, and the button that does it: there is no undo. Renderer. */
import { Button, Modal, Skeleton, Text, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { type ErasurePreview, erasureReasonSchema } from '../../../src-shared/erasure'
import type { VisorError } from '../../../src-shared/errors'
import { asVisorError, request } from '../../api'
import { ErrorNote } from '../../components/error-note'
import type { ErasureRequest } from '../../state/erasure-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { counted, moment } from '../../wording'
import styles from './erasure.module.css'
import { RemovedList } from './removed-list'

export function EraseDialog() {
  const opened = useVisor((state) => state.overlay === 'erase')
  const erasing = useVisor((state) => state.erasing)
  const { openOverlay } = useActions()
  return (
    <Modal
      opened={opened && erasing !== null}
      onClose={() => openOverlay(null)}
      title="Erase for good"
      size={560}
    >
      {erasing !== null && <Confirmation key={JSON.stringify(erasing)} erasing={erasing} />}
    </Modal>
  )
}

function Confirmation({ erasing }: { readonly erasing: ErasureRequest }) {
  const [preview, setPreview] = useState<ErasurePreview | VisorError>()
  useEffect(() => {
    let current = true
    request('erasure.preview', erasing).then(
      (answer) => current && setPreview(answer),
      (error: unknown) => current && setPreview(asVisorError(error)),
    )
    return () => {
      current = false
    }
  }, [erasing])
  if (preview === undefined) return <Coming />
  if ('code' in preview) return <ErrorNote error={preview} />
  return <Form erasing={erasing} preview={preview} />
}

/** Finding out takes a moment: every history entry and queued photo is looked at. */
function Coming() {
  return (
    <div className={styles.dialog} role="status" aria-label="Finding out what would go">
      <Skeleton height={20} width="60%" />
      <Skeleton height={120} />
      <Skeleton height={44} />
    </div>
  )
}

interface FormProps {
  readonly erasing: ErasureRequest
  readonly preview: ErasurePreview
}

function Form({ erasing, preview }: FormProps) {
  const { erase, openOverlay } = useActions()
  const [why, setWhy] = useState('')
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { whole, clientId, people } = preview
  const amount = counted(people, 'person', 'people')
  const meant = !whole || typed === clientId

  async function submit(event: FormEvent) {
    event.preventDefault()
    const reason = erasureReasonSchema.safeParse(why)
    if (!reason.success) return setProblem(reason.error.issues[0]?.message ?? 'An erasure needs a reason.')
    if (!meant) return
    setBusy(true)
    const wrong = await erase(erasing, reason.data)
    setBusy(false)
    if (wrong !== undefined) setProblem([wrong.message, wrong.remedy].join(' '))
  }

  return (
    <form className={styles.dialog} onSubmit={(event) => void submit(event)}>
      <Text size="sm">
        <strong>{whole ? `The client ${clientId}, with ${amount}` : namesOf(preview)}</strong>{' '}
        {people === 1 || whole ? 'goes' : 'go'} from everything that Visor keeps, at once and for good.
        Nothing of it waits in the bin, and nothing can be undone.
      </Text>
      <RemovedList removed={preview.removed} />
      <Consequences preview={preview} />
      <TextInput
        label="Why"
        description="It stays in the history and the report, so it must not name anybody: a case number, say."
        placeholder="Request 2026-17"
        // The one where the dialog was open already, the other where it opens with this.
        autoFocus
        data-autofocus
        maxLength={500}
        value={why}
        error={problem}
        onChange={(event) => {
          setWhy(event.currentTarget.value)
          setProblem(null)
        }}
      />
      {whole && (
        <TextInput
          label={`Type ${clientId} to show that you mean the whole client`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <div className={styles.buttons}>
        <Button variant="default" onClick={() => openOverlay(null)}>
          Cancel
        </Button>
        <Button type="submit" color="red" loading={busy} disabled={why.trim() === '' || !meant}>
          {whole ? `Erase the client and its ${amount} for good` : `Erase ${amount} for good`}
        </Button>
      </div>
    </form>
  )
}

/** What stays, what others lose, and what somebody has to see to. */
function Consequences({ preview }: { readonly preview: ErasurePreview }) {
  const { photoFiles, sharedPhotos, actsOfOthers, someActs, namesakes, mentions, mentionedBy } = preview
  return (
    <ul className={styles.notes}>
      {photoFiles > 0 && (
        <li>
          {counted(photoFiles, 'photo file')} {photoFiles === 1 ? 'stays where it is' : 'stay where they are'}
          : Visor never changes photos.
        </li>
      )}
      {sharedPhotos > 0 && (
        <li>
          {counted(sharedPhotos, 'photo')} with others in {sharedPhotos === 1 ? 'it stays' : 'them stay'} in
          the gallery, as theirs.
        </li>
      )}
      {actsOfOthers > 0 && (
        <li>
          {counted(actsOfOthers, 'act')} that touched others, too, can be undone no more:
          <ul className={styles.acts}>
            {someActs.map(({ at, summary }) => (
              <li key={`${at} ${summary}`}>
                {summary} <span className={styles.when}>{moment(at)}</span>
              </li>
            ))}
            {actsOfOthers > someActs.length && (
              <li>and {counted(actsOfOthers - someActs.length, 'earlier one')}</li>
            )}
          </ul>
        </li>
      )}
      {namesakes > 0 && (
        <li>
          {counted(namesakes, 'other person bears', 'other people bear')} one of the names; it stays as
          theirs.
        </li>
      )}
      {mentions > 0 && (
        <li>
          Named in the details of others; mend that by hand: {mentionedBy.join(', ')}
          {mentions > mentionedBy.length ? ` and ${counted(mentions - mentionedBy.length, 'other')}` : ''}
        </li>
      )}
    </ul>
  )
}

function namesOf({ names, people }: ErasurePreview): string {
  const others = people - names.length
  if (others > 0) return `${names.join(', ')} and ${counted(others, 'other')}`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
