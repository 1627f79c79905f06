/** Enrols 2,000 photos in the real program: main's event loop meanwhile, and the vision process's memory. Electron's Node. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright'
import { sharp } from '../../src-main/vision/native/sharp'
import type { Job } from '../../src-shared/status'
import { median, printFigure } from './figure'

const photos = 2_000
const persons = 100
const sampleIntervalMs = 500
const visor = join(import.meta.dirname, '..', '..')

/** Where faces are in the sample photos, with room around them: photo, left, top, edge in pixels. */
const portraits = [
  [1, 1340, 130, 500],
  [2, 300, 60, 480],
  [2, 1380, 80, 480],
  [3, 920, 150, 500],
  [3, 1320, 220, 500],
  [4, 1180, 90, 420],
] as const

/** A folder of people; no two photos have the same bytes. */
async function makePeople(folder: string): Promise<void> {
  const cuts = await Promise.all(
    portraits.map(([photo, left, top, edge]) =>
      sharp(readFileSync(join(visor, 'node_modules/@vladmandic/face-api/demo', `sample${photo}.jpg`)))
        .extract({ left, top, width: edge, height: edge })
        .resize(1000, 1000)
        .jpeg({ quality: 92 })
        .toBuffer(),
    ),
  )
  for (let index = 0; index < photos; index += 1) {
    const person = join(folder, `Person ${String(index % persons).padStart(3, '0')}`)
    mkdirSync(person, { recursive: true })
    const bytes = Buffer.concat([cuts[index % cuts.length]!, Buffer.from(`visor ${index}`)])
    writeFileSync(join(person, `${index}.jpg`), bytes)
  }
}

async function enrolmentJob(page: Page): Promise<Job | undefined> {
  const reply = await page.evaluate(() => window.visor.request['app.jobs'](undefined))
  return reply.ok ? (reply.value as Job[]).find(({ kind }) => kind === 'enrol-folder') : undefined
}

/** Resident bytes of the vision process. */
async function visionBytes(app: ElectronApplication): Promise<number | undefined> {
  return app.evaluate(({ app: main }) => {
    const metric = main
      .getAppMetrics()
      .find(({ name, serviceName }) => name === 'Visor vision' || serviceName === 'Visor vision')
    return metric === undefined ? undefined : metric.memory.workingSetSize * 1024
  })
}

/** Goals: 99th percentile of main's event loop delay under 20 ms; vision process under 450 MB and flat after 1,000 photos. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'visor-enrolment-'))
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env
  const people = join(folder, 'people')
  await makePeople(people)
  const app = await electron.launch({
    executablePath: process.execPath,
    args: [visor, '--data', join(folder, 'data'), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: environment as Record<string, string>,
  })
  try {
    const page = await app.firstWindow()
    await page.waitForLoadState('load')
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
    }, people)
    await page.evaluate(() =>
      window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'bench' }),
    )
    await app.evaluate(() => {
      const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
      const histogram = monitorEventLoopDelay({ resolution: 1 })
      histogram.enable()
      Object.assign(globalThis, { eventLoopDelay: histogram })
    })
    const startedAt = performance.now()
    await page.evaluate(() =>
      window.visor.request['gallery.enrolFolder']({ clientId: 'default', domain: 'bench' }),
    )
    const memory: { done: number; bytes: number }[] = []
    let job = await enrolmentJob(page)
    while (job === undefined || job.state === 'running') {
      const bytes = await visionBytes(app)
      if (bytes !== undefined && job !== undefined) memory.push({ done: job.done, bytes })
      await new Promise((resolve) => setTimeout(resolve, sampleIntervalMs))
      job = await enrolmentJob(page)
    }
    const seconds = (performance.now() - startedAt) / 1000
    if (job.state !== 'done') throw new Error(job.error?.message ?? job.outcome ?? job.state)
    const delay = await app.evaluate(() => {
      const { eventLoopDelay } = globalThis as unknown as {
        eventLoopDelay: { percentile(rank: number): number; max: number; mean: number }
      }
      return {
        p50Ms: eventLoopDelay.percentile(50) / 1e6,
        p99Ms: eventLoopDelay.percentile(99) / 1e6,
        p999Ms: eventLoopDelay.percentile(99.9) / 1e6,
        maxMs: eventLoopDelay.max / 1e6,
      }
    })
    printFigure({
      benchmark: 'enrolment',
      figure: 'main event loop delay while 2,000 photos are enrolled: 99th percentile ÷ 20 ms',
      value: delay.p99Ms / 20,
      goal: '<= 1',
      details: { ...delay, photosPerSecond: photos / seconds, outcome: job.outcome ?? '' },
    })
    const between = (from: number, to: number) =>
      median(memory.filter(({ done }) => done >= from && done < to).map(({ bytes }) => bytes)) / 1e6
    const after1000Mb = between(1000, 1300)
    const atEndMb = between(1700, 2001)
    printFigure({
      benchmark: 'enrolment',
      figure: 'memory of the vision process after 1,000 photos ÷ 450 MB',
      value: after1000Mb / 450,
      goal: '<= 1',
      details: { after200Mb: between(200, 400), after1000Mb, atEndMb },
    })
    printFigure({
      benchmark: 'enrolment',
      figure: 'memory of the vision process at 1,700 – 2,000 photos ÷ at 1,000 – 1,300',
      value: atEndMb / after1000Mb,
      goal: '<= 1.05',
      details: { after1000Mb, atEndMb },
    })
  } finally {
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
