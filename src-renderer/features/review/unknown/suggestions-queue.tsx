/** Unknown faces that look like somebody who was enrolled since: yes, no, or later. Renderer. */
import { Button } from '@mantine/core'
import {
  IconCheck,
  IconChecks,
  IconPhoto,
  IconPlayerSkipForward,
  IconSparkles,
  IconUserX,
} from '@tabler/icons-react'
import { useEffect } from 'react'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { Suggestion } from '../../../../src-shared/unknown'
import { EmptyState } from '../../../components/empty-state'
import { FacePair } from '../../../components/face-pair'
import { openPhotoOfFace } from '../../../state/open-photo'
import { openSuggestions, suggestionInQuestion, suggestionsOfPerson } from '../../../state/suggestions-slice'
import { acceptSuggestion, rejectSuggestion } from '../../../state/unknown-acts'
import { useActions, useVisor, useVisorStore } from '../../../state/use-visor'
import { counted, dayOf } from '../../../wording'
import { Decision } from '../decision'
import { useQueueOnScreen } from '../use-queue-on-screen'
import styles from './suggestions-queue.module.css'

export function useSuggestionCount(): number | undefined {
  return useVisor((state) => state.unknownCounts?.suggestions)
}

export function SuggestionsQueue() {
  useQueueOnScreen('suggestions')
  const { loadSuggestions, unskipSuggestions } = useActions()
  const suggestions = useVisor((state) => state.suggestions)
  const skipped = useVisor((state) => state.skippedFaces.size)
  const suggestion = useVisor(suggestionInQuestion)
  useEffect(() => {
    void loadSuggestions()
    return unskipSuggestions
  }, [loadSuggestions, unskipSuggestions])
  if (suggestions === undefined) return null
  if (suggestion !== undefined) {
    return <Question suggestion={suggestion} total={suggestions.total} skipped={skipped} />
  }
  return suggestions.total === 0 ? (
    <EmptyState
      picture={<IconSparkles size={36} stroke={1.3} />}
      title="Nothing to suggest"
      text="After somebody is enrolled, the unknown faces that look like them are offered here, one beside the other."
    />
  ) : (
    <EmptyState
      picture={<IconPlayerSkipForward size={36} stroke={1.3} />}
      title={`${counted(suggestions.total, 'suggestion')} passed over`}
      text="They stay until they are decided."
    >
      <Button onClick={unskipSuggestions}>Look at them again</Button>
    </EmptyState>
  )
}

interface QuestionProps {
  readonly suggestion: Suggestion
  readonly total: number
  readonly skipped: number
}

function Question({ suggestion, total, skipped }: QuestionProps) {
  const store = useVisorStore()
  const { skipSuggestion } = useActions()
  const all = useVisor((state) => state.suggestions)
  const passedOver = useVisor((state) => state.skippedFaces)
  const open = openSuggestions({ suggestions: all, skippedFaces: passedOver })
  const ofPerson = suggestionsOfPerson({ suggestions: all, skippedFaces: passedOver })
  const { person } = suggestion
  const file = suggestion.photoPath.split(/[\\/]/).at(-1) || 'Pasted picture'
  return (
    <Decision
      place={skipped + 1}
      total={total}
      question={`Is this ${person.name}?`}
      reasons={[]}
      next={open
        .slice(1, 4)
        .flatMap(({ faceId, person: other }) => [
          pictureUrl.reference(faceId),
          pictureUrl.reference(other.referenceFaceId),
        ])}
      actions={[
        {
          icon: <IconCheck size={18} stroke={1.6} aria-hidden />,
          label: 'Yes',
          hint: `The face joins ${person.name}.`,
          keyName: 'Enter',
          right: 'curate',
          primary: true,
          run: () => void acceptSuggestion(store, false),
        },
        {
          icon: <IconUserX size={18} stroke={1.6} aria-hidden />,
          label: 'No',
          hint: `Not ${person.name}: it is not offered for them again.`,
          keyName: 'X',
          right: 'curate',
          run: () => void rejectSuggestion(store),
        },
        {
          icon: <IconPlayerSkipForward size={18} stroke={1.6} aria-hidden />,
          label: 'Later',
          hint: 'Passes it over for now.',
          keyName: 'S',
          run: skipSuggestion,
        },
        {
          icon: <IconChecks size={18} stroke={1.6} aria-hidden />,
          label: ofPerson.length > 1 ? `Yes to all ${ofPerson.length}` : 'Yes to all',
          hint: `All faces shown are ${person.name}.`,
          keyName: 'A',
          right: 'curate',
          disabled: ofPerson.length < 2,
          run: () => void acceptSuggestion(store, true),
        },
        {
          icon: <IconPhoto size={18} stroke={1.6} aria-hidden />,
          label: 'Open photo',
          hint: 'Shows the photo that the face is from, in Galleries.',
          keyName: 'O',
          run: () => openPhotoOfFace(store),
        },
      ]}
    >
      <FacePair
        left={{
          src: pictureUrl.reference(suggestion.faceId),
          alt: 'The unknown face',
          caption: `${file} · ${dayOf(suggestion.keptAt)}`,
        }}
        right={{
          src: pictureUrl.reference(person.referenceFaceId),
          alt: person.name,
          caption: person.name,
          distance: person.distance,
        }}
        nobody=""
      />
      {ofPerson.length > 1 && (
        <section className={styles.more} aria-label={`Further faces that may be ${person.name}`}>
          <p>
            {counted(ofPerson.length - 1, 'more face')} may be {person.name}:
          </p>
          <ul>
            {ofPerson.slice(1).map(({ faceId, person: { distance } }) => (
              <li key={faceId}>
                <img src={pictureUrl.reference(faceId)} alt="" title={`Cosine distance ${distance}`} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Decision>
  )
}
