/** Enrolments that wait for a look, worked through by keyboard in the real window with the real models. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharp } from '../../src-main/vision/native/sharp'
import type { LedgerEntry } from '../../src-shared/gallery'
import type { WaitingReviews } from '../../src-shared/review'
import type { Job } from '../../src-shared/status'
import { lookIn } from './look'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

/** Where faces are in the sample photos, with room around them: photo, left, top, width, height. */
const cuts = {
  cleo: [1, 1320, 100, 520, 620],
  cleoAgain: [3, 920, 150, 500, 500],
  turned: [2, 300, 60, 480, 480],
} as const

async function cut(name: keyof typeof cuts, change = (image: ReturnType<typeof sharp>) => image) {
  const [photo, left, top, width, height] = cuts[name]
  const image = sharp(readFileSync(samplePhoto(photo))).extract({ left, top, width, height })
  return change(sharp(await image.png().toBuffer()))
    .jpeg({ quality: 92 })
    .toBuffer()
}

describe('enrolments that wait', () => {
  let visor: VisorWindow
  const people = newDataFolder()
  const data = newDataFolder()
  const put = (person: string, name: string, bytes: Buffer) => {
    mkdirSync(join(people, person), { recursive: true })
    writeFileSync(join(people, person, name), bytes)
  }
  const waiting = async (): Promise<WaitingReviews> => {
    const reply = await visor.page.evaluate(() =>
      window.visor.request['review.waiting']({
        clientId: 'default',
        domain: null,
        kind: null,
        offset: 0,
        limit: 500,
      }),
    )
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value as WaitingReviews
  }
  const faces = async () => {
    const reply = await visor.page.evaluate(() => window.visor.request['gallery.clients'](undefined))
    const clients = reply.ok ? (reply.value as { domains: { faces: number }[] }[]) : []
    return clients.flatMap(({ domains }) => domains).reduce((sum, domain) => sum + domain.faces, 0)
  }
  const history = async () => {
    const reply = await visor.page.evaluate(() =>
      window.visor.request['gallery.history']({ clientId: 'default', limit: 100 }),
    )
    return reply.ok ? (reply.value as LedgerEntry[]) : []
  }
  const enrol = async () => {
    const { page } = visor
    await visor.answerDialog([people])
    await page.evaluate(() =>
      window.visor.request['gallery.enrolFolder']({ clientId: 'default', domain: 'team' }),
    )
    await expect
      .poll(
        async () => {
          const reply = await page.evaluate(() => window.visor.request['app.jobs'](undefined))
          return reply.ok ? (reply.value as Job[]).map(({ state }) => state) : []
        },
        { timeout: 60_000 },
      )
      .toContain('done')
  }
  const question = (name?: string) =>
    visor.page.getByRole('heading', { level: 2, ...(name === undefined ? {} : { name }) }).first()
  const place = () => visor.page.getByTestId('review-place')
  /** People are enrolled several at once: which of them comes first is not said. */
  const goTo = async (asked: string) => {
    for (let step = 0; step < 4; step += 1) {
      if ((await question().innerText()) === asked) return
      await visor.page.keyboard.press('ArrowRight')
    }
    throw new Error(`Nothing asks: ${asked}`)
  }

  beforeAll(async () => {
    visor = await openVisor({ data, width: 1024, height: 700 })
    await visor.page.evaluate(async () => {
      await window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'team' })
      await window.visor.request['settings.update']({ search: { domain: 'team' }, firstRunDone: true })
    })
    put('Cleo', '1 good.jpg', await cut('cleo'))
  })
  afterAll(() => visor.close())

  it('teach what they are while there are none', async () => {
    await visor.page.getByRole('button', { name: 'Review' }).click()
    await visor.page.getByText('Nothing waits for a look').waitFor()
    await visor.screenshot('review-enrolment-empty-dark')
  })

  it('come from an enrolment of many, and are there after a kill', async () => {
    put('Cleo', '2 blurred.jpg', await cut('cleoAgain', (image) => image.blur(9)))
    put('Dora', 'turned.jpg', await cut('turned'))
    put('Same woman', 'again.jpg', await cut('cleoAgain'))
    mkdirSync(join(people, 'Group'))
    writeFileSync(join(people, 'Group', 'four.jpg'), readFileSync(samplePhoto(4)))
    await enrol()
    expect((await waiting()).total).toBe(4)
    expect(await faces()).toBe(1)
    visor.app.process().kill('SIGKILL')
    await visor.app.waitForEvent('close')
    visor = await openVisor({ data, width: 1024, height: 700 })
    expect((await waiting()).total).toBe(4)
    // The rail says it on every screen.
    const review = visor.page.getByRole('button', { name: 'Review' })
    await expect.poll(() => review.getAttribute('aria-description')).toBe('4 to look at')
  })

  it('show the face beside the person’s, and why', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'Review' }).click()
    await expect.poll(() => place().innerText()).toBe('1 of 4')
    await goTo('Is this Cleo?')
    await page.getByText(/The face is blurred/).waitFor()
    await expect
      .poll(() =>
        page
          .locator('figure img')
          .evaluateAll((images) =>
            images.map((image) => [
              (image as HTMLImageElement).naturalWidth,
              image.getBoundingClientRect().width,
            ]),
          ),
      )
      .toEqual([
        [192, expect.any(Number)],
        [192, expect.any(Number)],
      ])
    const [left, right] = await page
      .locator('figure img')
      .evaluateAll((images) => images.map((image) => image.getBoundingClientRect().width))
    expect(left).toBe(right)
    await visor.screenshot('review-enrolment-dark')
  })

  it('look right in both colours, and axe finds nothing serious', async () => {
    const { page } = visor
    await lookIn(visor, 'review-enrolment', 'light')
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Enrolment gate' }).click()
    await page.getByRole('radiogroup', { name: 'Poor picture' }).waitFor()
    await lookIn(visor, 'settings-gate', 'light')
    await lookIn(visor, 'settings-gate', 'dark')
    await page.getByRole('button', { name: 'Models' }).click()
    await page.getByRole('region', { name: 'Prints and screens' }).waitFor()
    await lookIn(visor, 'settings-models-liveness', 'dark')
    await page.getByRole('button', { name: 'Review' }).click()
    await lookIn(visor, 'review-enrolment', 'dark')
  })

  it('join with a typed word, and wait again after Ctrl+Z', async () => {
    const { page } = visor
    await page.keyboard.press('w')
    await page.getByRole('textbox', { name: 'Why it is right all the same' }).fill('Only photo from the boat')
    await page.keyboard.press('Enter')
    await expect.poll(faces).toBe(2)
    expect((await history())[0]?.reason).toBe('Only photo from the boat (in spite of: poor picture)')
    await page.keyboard.press('Control+z')
    await expect.poll(faces).toBe(1)
    await expect.poll(() => place().innerText()).toMatch(/^\d of 4$/)
  })

  it('can be left for later, filtered by reason, and given to somebody else', async () => {
    const { page } = visor
    const before = await question().innerText()
    await page.keyboard.press('s')
    await expect.poll(() => question().innerText()).not.toBe(before)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => question().innerText()).toBe(before)
    await page.getByRole('combobox', { name: 'Reason' }).click()
    await page.getByRole('option', { name: 'Looks like somebody else (1)' }).click()
    await question('Enrol this face as Same woman, somebody new?').waitFor()
    await page.getByText(/^Looks like Cleo: distance/).waitFor()
    await visor.screenshot('review-enrolment-lookalike-dark')
    await page.keyboard.press('g')
    await page.getByRole('combobox', { name: 'Search a person' }).fill('Somebody new')
    await page.getByRole('button', { name: 'New person “Somebody new”' }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(faces).toBe(2)
    await page.getByText('None of this kind waits').waitFor()
    await page.keyboard.press('Control+z')
    await expect.poll(faces).toBe(1)
    await question('Enrol this face as Same woman, somebody new?').waitFor()
    await page.keyboard.press('g')
    await page.getByRole('combobox', { name: 'Search a person' }).fill('Cleo')
    await page.getByRole('option', { name: /Cleo/ }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(faces).toBe(2)
    await page.getByText('None of this kind waits').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(() => place().innerText()).toMatch(/^\d of 3$/)
  })

  it('let a face of several be chosen by its number', async () => {
    const { page } = visor
    await page.locator('[data-pane="review-queue"]').focus()
    await page.getByRole('combobox', { name: 'Reason' }).click()
    await page.getByRole('option', { name: 'Several faces (1)' }).click()
    await page.getByText('The photo has 4 faces: choose the one that is meant.').waitFor()
    // Nothing is enrolled before somebody has said whom it is about.
    expect(await page.getByRole('button', { name: 'Enrol', exact: true }).isDisabled()).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.press('3')
    await page.getByRole('option', { name: 'Face 3', selected: true }).waitFor()
    await visor.screenshot('review-enrolment-several-dark')
    await page.keyboard.press('Enter')
    await expect.poll(faces).toBe(3)
    await page.getByRole('button', { name: 'Show all' }).click()
  })

  it('take twenty decisions by keyboard without waiting', async () => {
    const { page } = visor
    for (let index = 0; index < 20; index += 1) {
      put(
        `Person ${String(index).padStart(2, '0')}`,
        'blurred.jpg',
        await cut('turned', (image) => image.rotate(index / 4).blur(1 + index / 20)),
      )
    }
    await enrol()
    await expect.poll(async () => (await waiting()).total, { timeout: 60_000 }).toBeGreaterThanOrEqual(20)
    const before = (await waiting()).total
    await page.locator('[data-pane="review-queue"]').focus()
    await expect.poll(() => place().innerText()).toBe(`1 of ${before}`)
    const startedAt = performance.now()
    const shown: number[] = []
    for (let decision = 0; decision < 20; decision += 1) {
      const pressedAt = performance.now()
      const asked = await question().innerText()
      await page.keyboard.press(decision % 3 === 2 ? 'x' : 'Enter')
      await page.waitForFunction(
        ([text, left]) => {
          const heading = document.querySelector('h2')
          const placed = document.querySelector('[data-testid="review-place"]')
          const image = document.querySelector<HTMLImageElement>('figure img')
          const isNext = placed === null || placed.textContent === `1 of ${left}`
          return (
            isNext && (heading?.textContent !== text || placed === null) && (image === null || image.complete)
          )
        },
        [asked, before - decision - 1] as const,
      )
      shown.push(performance.now() - pressedAt)
    }
    const seconds = (performance.now() - startedAt) / 1000
    process.stdout.write(
      `20 decisions in ${seconds.toFixed(1)} s; the next one after ${Math.max(...shown).toFixed(0)} ms at most\n`,
    )
    expect(seconds).toBeLessThan(20)
    await expect.poll(async () => (await waiting()).total, { timeout: 20_000 }).toBe(before - 20)
    await visor.screenshot('review-enrolment-after-dark')
  })
})
