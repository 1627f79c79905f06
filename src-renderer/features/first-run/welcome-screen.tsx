/** The first start: what Visor does in three steps, and four ways to begin. Renderer. */
import { Button, Text, TextInput } from '@mantine/core'
import { IconDatabasePlus, IconServer, IconSparkles, IconUsersPlus } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { type Domain, domainSchema } from '../../../src-shared/ids'
import { JobProgress, progressLine } from '../../components/job-progress'
import { useActions, useVisor } from '../../state/use-visor'
import { StepPicture } from './step-picture'
import styles from './welcome-screen.module.css'

const steps = [
  {
    picture: 'gallery',
    title: 'A gallery of people',
    text: 'A folder with one sub-folder a person. They join a domain, the part of a gallery that is searched.',
  },
  {
    picture: 'drop',
    title: 'Drop photos',
    text: 'Anywhere in the window. Every face is found and compared, on this computer.',
  },
  {
    picture: 'decide',
    title: 'See who it is, and how sure',
    text: 'Both faces side by side, with the distance. You confirm, or say who it is.',
  },
] as const

export function WelcomeScreen() {
  const vision = useVisor((state) => state.status?.vision.state)
  const { remember } = useActions()
  return (
    <main className={styles.screen} aria-label="Welcome" data-pane="welcome">
      <div className={styles.content}>
        <h1 className={styles.title}>Who is in the photo?</h1>
        <ol className={styles.steps}>
          {steps.map(({ picture, title, text }, index) => (
            <li key={title} className={styles.step}>
              <StepPicture kind={picture} />
              <Text fw={600}>
                {index + 1}. {title}
              </Text>
              <Text size="sm" c="dimmed">
                {text}
              </Text>
            </li>
          ))}
        </ol>
        <div className={styles.ways}>
          <SampleWay />
          <FolderWay />
          <EmptyWay />
        </div>
        <ServerWay />
        {vision === 'no-model' && (
          <p className={styles.note}>
            Visor has no model yet.{' '}
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => remember({ screen: 'settings', settingsPage: 'models' })}
            >
              Get a model
            </Button>
          </p>
        )}
        <Button variant="subtle" color="gray" onClick={() => remember({ firstRunDone: true })}>
          Skip this
        </Button>
      </div>
    </main>
  )
}

interface WayProps {
  readonly icon: ReactNode
  readonly title: string
  readonly text: string
  readonly children: ReactNode
}

function Way({ icon, title, text, children }: WayProps) {
  return (
    <section className={styles.way} aria-label={title}>
      <div className={styles.wayHead}>
        {icon}
        <Text fw={600}>{title}</Text>
      </div>
      <Text size="sm" c="dimmed" className={styles.wayText}>
        {text}
      </Text>
      {children}
    </section>
  )
}

function SampleWay() {
  const { installSamples, cancelJob } = useActions()
  const job = useVisor((state) =>
    [...state.jobs.values()].find(
      (candidate) => candidate.kind === 'sample-gallery' && candidate.state === 'running',
    ),
  )
  return (
    <Way
      icon={<IconSparkles size={20} stroke={1.5} aria-hidden />}
      title="Just look"
      text="A few sample photos, marked as a sample; one click removes them."
    >
      {job === undefined ? (
        <Button fullWidth data-pane-focus onClick={() => void installSamples()}>
          Try the sample gallery
        </Button>
      ) : (
        <>
          <Text size="xs" c="dimmed" truncate>
            {progressLine(job)}
          </Text>
          <JobProgress job={job} />
          <Button fullWidth variant="default" onClick={() => void cancelJob(job.jobId)}>
            Cancel
          </Button>
        </>
      )}
    </Way>
  )
}

function FolderWay() {
  return (
    <Way
      icon={<IconUsersPlus size={20} stroke={1.5} aria-hidden />}
      title="Your people"
      text="A folder of folders, each named as a person and holding photos of them."
    >
      <DomainForm button="Enrol a folder of people…" thenEnrol />
    </Way>
  )
}

function EmptyWay() {
  return (
    <Way
      icon={<IconDatabasePlus size={20} stroke={1.5} aria-hidden />}
      title="Start empty"
      text="An empty domain; people join it from the photos you look at."
    >
      <DomainForm button="Start with this domain" />
    </Way>
  )
}

/** For who joins a team; not where its server is in use already, and merely empty. */
function ServerWay() {
  const mode = useVisor((state) => state.status?.store.mode)
  const { remember } = useActions()
  if (mode === 'server') return null
  return (
    <section className={styles.server} aria-label="Your team’s server">
      <IconServer size={20} stroke={1.5} aria-hidden />
      <div>
        <Text fw={600}>Your team’s server</Text>
        <Text size="sm" c="dimmed">
          What a team shares is on its server. Whoever looks after it has the address and a login.
        </Text>
      </div>
      <Button variant="default" onClick={() => remember({ screen: 'settings', settingsPage: 'connection' })}>
        Connect to a server…
      </Button>
    </section>
  )
}

function DomainForm({ button, thenEnrol = false }: { button: string; thenEnrol?: boolean }) {
  const { createDomain, enrolFolder } = useActions()
  const clientId = useVisor((state) => state.settings.search.clientId)
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)

  async function begin(domain: Domain) {
    await createDomain(clientId, domain)
    if (thenEnrol) await enrolFolder(clientId, domain)
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    const domain = domainSchema.safeParse(name)
    if (domain.success) void begin(domain.data)
    else setProblem(domain.error.issues[0]?.message ?? 'This cannot be a name.')
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        aria-label={`Domain: ${button}`}
        placeholder="Domain, for instance slovenia"
        value={name}
        error={problem}
        onChange={(event) => {
          setName(event.currentTarget.value)
          setProblem(null)
        }}
      />
      <Button type="submit" variant="default" fullWidth>
        {button}
      </Button>
    </form>
  )
}
