/**
 * The grid of 50,000 people in the real program: frames while it is scrolled, the longest stretch in which the window was
 * busy, and choosing everybody. Options: `--persons 50000`. Electron's Node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { _electron as electron, type Page } from 'playwright'
import { databaseFile } from '../../src-main/storage/sqlite/open-database'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { defaultSettings } from '../../src-shared/settings'
import { clientId, domain, fillCrowd, makePictures } from './crowd'
import { median, printFigure } from './figure'

const benchmark = 'scrolling'
const visor = join(import.meta.dirname, '..', '..')
const scrollMs = 5_000

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { persons: { type: 'string', default: '50000' } },
  })
  const persons = Number(values.persons)
  const folder = mkdtempSync(join(tmpdir(), 'visor-scrolling-'))
  try {
    await (await openLocalStore({ folder, builtFolder: import.meta.dirname })).close()
    fillCrowd(databaseFile(folder), persons, await makePictures())
    const app = await electron.launch({
      executablePath: process.execPath,
      args: [visor, '--data', folder, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: environment(),
    })
    try {
      await measure(await app.firstWindow(), persons)
    } finally {
      await app.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function environment(): Record<string, string> {
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = process.env
  return { ...rest, VISOR_NO_DIALOGS: '1' } as Record<string, string>
}

async function measure(page: Page, persons: number): Promise<void> {
  await page.evaluate(
    (search) => window.visor.request['settings.update']({ search, screen: 'galleries', firstRunDone: true }),
    { ...defaultSettings.search, clientId, domain },
  )
  await page.reload()
  const list = page.getByRole('listbox', { name: 'People' })
  await list.getByRole('option').first().waitFor({ timeout: 30_000 })
  // Still, then steadily, then from one place to another: as by the wheel, and as by the bar at the side.
  const still = await page.evaluate(framesWhile, { kind: 'still', durationMs: 2000 } as const)
  for (const kind of ['steady', 'jumping'] as const) {
    const { frames, busy, blanks } = await page.evaluate(framesWhile, { kind, durationMs: scrollMs } as const)
    const sorted = frames.toSorted((a, b) => a - b)
    printFigure({
      benchmark,
      figure: `frames while ${kind === 'steady' ? 'scrolling' : 'jumping about'}, ms, 95th percentile, times those of a window at rest`,
      value: at(sorted, 0.95) / median(still.frames),
      details: {
        persons,
        atRestMs: median(still.frames),
        medianMs: median(sorted),
        p95Ms: at(sorted, 0.95),
        worstMs: sorted.at(-1) ?? 0,
        longestBusyMs: Math.max(0, ...busy),
        busyOver50Ms: busy.length,
        blankShare: blanks,
        frames: frames.length,
      },
    })
  }
  await list.focus()
  const startedAt = performance.now()
  await page.keyboard.press('ControlOrMeta+a')
  await page
    .getByTestId('people-chosen')
    .getByText(/people chosen/)
    .waitFor()
  printFigure({
    benchmark,
    figure: 'choosing everybody, ms',
    value: performance.now() - startedAt,
    details: { persons },
  })
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

interface Frames {
  /** Milliseconds from frame to frame. */
  readonly frames: number[]
  /** Stretches of more than 50 ms in which the window could not react, ms. */
  readonly busy: number[]
  /** Of the cells in view, those whose person was not there yet, mean over all frames. */
  readonly blanks: number
}

/** Runs in the page. */
function framesWhile({
  kind,
  durationMs,
}: {
  readonly kind: 'still' | 'steady' | 'jumping'
  readonly durationMs: number
}): Promise<Frames> {
  const list = document.querySelector<HTMLElement>('[role="listbox"][aria-label="People"]')
  if (list === null) throw new Error('There is no list of people.')
  const busy: number[] = []
  const observer = new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) busy.push(entry.duration)
  })
  observer.observe({ type: 'longtask' })
  return new Promise((resolve) => {
    const frames: number[] = []
    const blanks: number[] = []
    const startedAt = performance.now()
    let before = startedAt
    let number = 0
    const frame = (now: number) => {
      if (number > 0) frames.push(now - before)
      before = now
      number += 1
      if (kind === 'steady') list.scrollTop += 120
      if (kind === 'jumping' && number % 20 === 0) {
        list.scrollTop = ((number * 7919) % 1000) * (list.scrollHeight / 1000)
      }
      const cells = list.querySelectorAll('[role="option"], [data-blank]').length
      blanks.push(cells === 0 ? 0 : list.querySelectorAll('[data-blank]').length / cells)
      if (now - startedAt < durationMs) requestAnimationFrame(frame)
      else {
        observer.disconnect()
        resolve({ frames, busy, blanks: blanks.reduce((sum, share) => sum + share, 0) / blanks.length })
      }
    }
    requestAnimationFrame(frame)
  })
}
