/** Dark, light, or as the system has it. Renderer. */
import { SegmentedControl, Text } from '@mantine/core'
import { useColourScheme } from '../../components/use-colour-scheme'
import { useActions, useVisor } from '../../state/use-visor'
import { Section, StateLine } from './page-parts'

const themes = [
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
  { value: 'system', label: 'As the system' },
] as const

export function AppearancePage() {
  const theme = useVisor((state) => state.settings.theme)
  const scheme = useColourScheme()
  const { remember } = useActions()
  return (
    <>
      <StateLine>
        Visor is {scheme}
        {theme === 'system' ? ', as the system is.' : '.'}
      </StateLine>
      <Section title="Colours">
        <SegmentedControl
          aria-label="Colours"
          value={theme}
          data={themes.map(({ value, label }) => ({ value: value as string, label }))}
          onChange={(value) => {
            const chosen = themes.find((candidate) => candidate.value === value)
            if (chosen !== undefined) remember({ theme: chosen.value })
          }}
        />
        <Text size="sm" c="dimmed" mt={8}>
          Photos are judged best on dark grey. Motion follows what the system asks for.
        </Text>
      </Section>
    </>
  )
}
