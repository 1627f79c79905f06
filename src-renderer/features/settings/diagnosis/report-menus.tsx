/** The report of a diagnosis, to copy and to save. Renderer. */
import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { Diagnosis } from '../../../../src-shared/diagnosis'
import { diagnosisJson, diagnosisReport } from '../../../../src-shared/diagnosis-report'
import { request } from '../../../api'
import { useActions } from '../../../state/use-visor'

export function ReportMenus({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { announce, attempt } = useActions()
  const copy = (text: string) =>
    attempt(async () => {
      await navigator.clipboard.writeText(text)
      announce('The report was copied.')
    })
  const save = (format: 'md' | 'json') =>
    attempt(async () => {
      const { saved } = await request('diagnosis.save', { format })
      if (saved) announce('The report was saved.')
    })
  return (
    <>
      <ReportMenu
        label="Copy"
        onText={() => copy(diagnosisReport(diagnosis))}
        onJson={() => copy(JSON.stringify(diagnosisJson(diagnosis), null, 2))}
      />
      <ReportMenu label="Save" onText={() => save('md')} onJson={() => save('json')} />
    </>
  )
}

interface ReportMenuProps {
  readonly label: string
  readonly onText: () => Promise<unknown>
  readonly onJson: () => Promise<unknown>
}

function ReportMenu({ label, onText, onJson }: ReportMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void onText()}>{label} the report as text</Menu.Item>
        <Menu.Item onClick={() => void onJson()}>{label} the report as JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
