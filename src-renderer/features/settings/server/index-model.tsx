/** One model's index: its parameters, building it, how wide it is searched, and how well it finds. Renderer. */
import { Button, Group, NumberInput, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import type { ModelId } from '../../../../src-shared/ids'
import {
  defaultIndexParameters,
  type IndexParameters,
  type IndexState,
  indexParametersSchema,
  type Recall,
  type SearchIndex,
  type Share,
  searchWidthSchema,
} from '../../../../src-shared/search-index'
import { request } from '../../../api'
import { useActions, useVisor } from '../../../state/use-visor'
import { count, durationText, percent } from '../../../wording'
import { Facts, Section } from '../page-parts'

/** Enough for a share that is known to a percent. */
const recallSearches = 200

interface IndexModelProps {
  readonly state: IndexState
  readonly modelId: ModelId
  readonly busy: boolean
  readonly onChanged: () => void
}

export function IndexModel({ state, modelId, busy, onChanged }: IndexModelProps) {
  const { attempt } = useActions()
  const built = state.indexes.find((index) => index.modelId === modelId)
  const [wanted, setWanted] = useState<IndexParameters>(built ?? defaultIndexParameters)
  const { vectors, m, efConstruction } = wanted
  const sound = indexParametersSchema.safeParse(wanted).success && efConstruction >= 2 * m
  const rebuild = () => attempt(() => request('index.rebuild', { modelId, vectors, m, efConstruction }))
  return (
    <Section title={modelId}>
      {state.mayBuild ? (
        <>
          <SegmentedControl
            aria-label="What the index holds"
            data={[
              { value: 'vector', label: 'Full precision' },
              { value: 'halfvec', label: 'Half: half the space' },
            ]}
            value={vectors}
            onChange={(value) =>
              setWanted({ ...wanted, vectors: value === 'halfvec' ? 'halfvec' : 'vector' })
            }
          />
          <Group gap={16} my={12} align="end">
            <NumberInput
              label="Neighbours of each face (m)"
              min={2}
              max={100}
              value={m}
              onChange={(value) => typeof value === 'number' && setWanted({ ...wanted, m: value })}
            />
            <NumberInput
              label="Looked at while building (ef_construction)"
              min={4}
              max={1000}
              value={efConstruction}
              error={efConstruction < 2 * m ? 'At least twice m.' : undefined}
              onChange={(value) =>
                typeof value === 'number' && setWanted({ ...wanted, efConstruction: value })
              }
            />
          </Group>
          <Button variant="default" disabled={busy || !sound} onClick={() => void rebuild()}>
            {built === undefined ? 'Build the index' : 'Build it anew'}
          </Button>
          <Text size="sm" c="dimmed" mt={8}>
            It is built beside the one in use, which goes when the new one is whole: searches and edits go on.
          </Text>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          Your login may not build indexes: that is for the owner of the schema.
        </Text>
      )}
      {built !== undefined && state.mayBuild && (
        <SearchWidth key={built.searchWidth} index={built} busy={busy} onChanged={onChanged} />
      )}
      <RecallCheck modelId={modelId} />
    </Section>
  )
}

/** How many candidates a search looks at: at once, without building. */
interface SearchWidthProps {
  readonly index: SearchIndex
  readonly busy: boolean
  readonly onChanged: () => void
}

function SearchWidth({ index, busy, onChanged }: SearchWidthProps) {
  const { attempt } = useActions()
  const [width, setWidth] = useState(index.searchWidth)
  const sound = searchWidthSchema.safeParse(width).success
  const keep = () =>
    attempt(async () => {
      await request('index.widen', { modelId: index.modelId, searchWidth: width })
      onChanged()
    })
  return (
    <Group gap={16} mt={16} align="end">
      <NumberInput
        label="Candidates of a search (ef_search)"
        description="More find better, and take longer."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        min={40}
        max={1000}
        step={100}
        value={width}
        error={sound ? undefined : '40 to 1,000.'}
        onChange={(value) => typeof value === 'number' && setWidth(value)}
      />
      <Button
        variant="default"
        mb={22}
        disabled={busy || !sound || width === index.searchWidth}
        onClick={() => void keep()}
      >
        Use it
      </Button>
    </Group>
  )
}

function RecallCheck({ modelId }: { readonly modelId: ModelId }) {
  const clientId = useVisor((state) => state.settings.search.clientId)
  const { attempt } = useActions()
  const [recall, setRecall] = useState<Recall>()
  const [busy, setBusy] = useState(false)
  const check = () =>
    attempt(async () => {
      setBusy(true)
      try {
        setRecall(
          await request('index.recall', { clientId, modelId, domains: 'all', searches: recallSearches }),
        )
      } finally {
        setBusy(false)
      }
    })
  return (
    <>
      <Button variant="default" mt={12} loading={busy} onClick={() => void check()}>
        Check how well it finds
      </Button>
      {recall !== undefined && (
        <div role="status">
          <Facts
            facts={[
              ['Searches', `${count(recall.searches)}, of them ${count(recall.byIndex)} by the index`],
              ['Ten nearest found', share(recall.recallAt10)],
              ['Same first person', share(recall.sameTopPerson)],
              ['A search by the index', durationText(recall.approximateMs)],
              ['The same, exact', durationText(recall.exactMs)],
            ]}
          />
        </div>
      )}
    </>
  )
}

/** With the range it lies in. */
const share = ({ value, low, high }: Share) => `${percent(value)} (${percent(low)} – ${percent(high)})`
