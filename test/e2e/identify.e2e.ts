/** The main job, as an analyst does it: from the first start to a recognised photo, by mouse and by keyboard. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueueItem } from '../../src-shared/queue'
import type { Recognition, RecognitionJson } from '../../src-shared/recognition'
import { allDone, queueItems, recognitionOf } from './asking'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

const samples = [1, 2, 3, 4, 5, 6].map(samplePhoto)

describe('the first start', () => {
  let visor: VisorWindow
  beforeAll(async () => {
    visor = await openVisor()
  })
  afterAll(() => visor.close())

  it('offers a sample gallery, which fills the queue', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'Try the sample gallery' }).waitFor()
    await visor.screenshot('first-run-dark')
    await page.getByRole('button', { name: 'Try the sample gallery' }).click()
    await expect
      .poll(async () => (await queueItems(page)).filter(({ state }) => state === 'done').length, {
        timeout: 60_000,
      })
      .toBe(6)
    const faces = Object.fromEntries((await queueItems(page)).map((item) => [item.name, item.faces]))
    expect(faces).toEqual({
      'sample1.jpg': 3,
      'sample2.jpg': 3,
      'sample3.jpg': 3,
      'sample4.jpg': 4,
      'sample5.jpg': 5,
      'sample6.jpg': 4,
    })
  })

  it('finds the woman of the first sample photo in the third, and names nobody else there', async () => {
    const third = (await queueItems(visor.page)).find(({ name }) => name === 'sample3.jpg') as QueueItem
    expect(third.people).toMatchObject([{ name: 'Cleo Sample', decision: 'match' }])
    expect([third.matches, third.possibles, third.unknowns]).toEqual([1, 0, 2])
    await visor.page.getByRole('option', { name: /^sample3\.jpg/ }).click()
    await visor.page.getByTestId('face-box-0').waitFor()
    const { faces } = (await recognitionOf(visor.page, third.itemId)) as Recognition
    const found = faces.find(({ person }) => person !== undefined)!
    const leftToRight = faces.toSorted((a, b) => a.box.x - b.box.x)
    expect(leftToRight.indexOf(found)).toBe(1)
    await visor.page.getByTestId(`face-box-${found.index}`).click()
    await expect.poll(() => visor.page.getByTestId('decision').innerText()).toMatch(/match/i)
    await visor.screenshot('recognised-dark')
  })

  it('goes through photos and faces by keyboard alone', async () => {
    const { page } = visor
    await page.keyboard.press('Home')
    const selected = () =>
      page
        .getByRole('listbox', { name: 'Photos' })
        .getByRole('option', { selected: true })
        .getAttribute('aria-label')
    await expect.poll(selected).toMatch(/^sample1/)
    await page.keyboard.press('ArrowDown')
    await expect.poll(selected).toMatch(/^sample2/)
    const face = () =>
      page
        .getByRole('listbox', { name: /Faces/ })
        .getByRole('option', { selected: true })
        .getAttribute('aria-label')
    const first = await face()
    await page.keyboard.press('ArrowRight')
    await expect.poll(face).not.toBe(first)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: /keys/i }).waitFor()
    await visor.screenshot('keys-dark')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page
      .getByPlaceholder(/command|search/i)
      .first()
      .waitFor()
    await visor.screenshot('palette-dark')
    await page.keyboard.press('Escape')
  })

  it('writes what is shown as JSON and as CSV', async () => {
    const folder = newDataFolder()
    for (const format of ['json', 'csv'] as const) {
      const path = join(folder, `answers.${format}`)
      await visor.answerDialog([path])
      const reply = await visor.page.evaluate(
        (kind) =>
          window.visor.request['queue.export']({
            format: kind,
            filter: { text: '', personId: null, decision: null, state: null },
          }),
        format,
      )
      expect(reply.ok).toBe(true)
      await expect.poll(() => read(path)).not.toBe('')
    }
    const json = JSON.parse(read(join(folder, 'answers.json'))) as RecognitionJson[]
    expect(json.map(({ faces }) => faces.length)).toEqual([3, 3, 3, 4, 5, 4])
    expect(json[2]!.recognized_persons.map(({ name }) => name)).toEqual(['Cleo Sample'])
    const rows = read(join(folder, 'answers.csv')).trim().split('\n')
    expect(rows).toHaveLength(1 + 3 + 3 + 3 + 4 + 5 + 4)
  })

  it('shows itself in light colours', async () => {
    await visor.page.evaluate(() => window.visor.request['settings.update']({ theme: 'light' }))
    await expect
      .poll(() => visor.page.locator('html').getAttribute('data-mantine-color-scheme'))
      .toBe('light')
    await visor.screenshot('recognised-light')
  })

  it('removes the sample gallery in one click', async () => {
    const { page } = visor
    await page.getByRole('button', { name: 'Galleries' }).click()
    await visor.screenshot('galleries-light')
    await page
      .getByRole('button', { name: /remove the sample/i })
      .first()
      .click()
    await expect
      .poll(async () => {
        const reply = await page.evaluate(() => window.visor.request['gallery.clients'](undefined))
        return reply.ok
          ? (reply.value as { domains: { sample: boolean }[] }[]).flatMap(({ domains }) => domains).length
          : -1
      })
      .toBe(0)
    await expect.poll(() => queueItems(page)).toEqual([])
  })
})

describe('an analyst at work', () => {
  let visor: VisorWindow
  beforeAll(async () => {
    visor = await openVisor({ width: 1024, height: 700 })
    const { page } = visor
    await page.evaluate(async () => {
      await window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'team' })
      await window.visor.request['settings.update']({ search: { domain: 'team' }, firstRunDone: true })
    })
    await visor.drop(samples)
    await allDone(page, 6)
  })
  afterAll(() => visor.close())

  const select = async (name: string, leftToRight: number): Promise<{ itemId: string; index: number }> => {
    const { page } = visor
    const item = (await queueItems(page)).find((candidate) => candidate.name === name)!
    const { faces } = (await recognitionOf(page, item.itemId))!
    const { index } = faces.toSorted((a, b) => a.box.x - b.box.x)[leftToRight]!
    await page.getByRole('option', { name: new RegExp(`^${name}`) }).click()
    await page.getByTestId(`face-box-${index}`).click()
    return { itemId: item.itemId, index }
  }
  const faceOf = async ({ itemId, index }: { itemId: string; index: number }) =>
    (await recognitionOf(visor.page, itemId))!.faces[index]!

  it('answers unknown while nobody is enrolled', async () => {
    for (const item of await queueItems(visor.page)) expect([item.matches, item.possibles]).toEqual([0, 0])
    await visor.screenshot('small-window-unknown')
  })

  it('enrols a face as a new person, who is then found in the other photo, and nobody else', async () => {
    const { page } = visor
    const face = await select('sample1.jpg', 2)
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Žofie Nováková')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await faceOf(face)).confirmed).toBe(true)
    await expect
      .poll(async () =>
        (await queueItems(page)).filter(({ people }) => people.length > 0).map(({ name }) => name),
      )
      .toEqual(['sample1.jpg', 'sample3.jpg'])
    const third = (await queueItems(page)).find(({ name }) => name === 'sample3.jpg')!
    expect(third.people).toMatchObject([{ name: 'Žofie Nováková', decision: 'match' }])
    await visor.screenshot('small-window-match')
  })

  it('confirms with Enter, and undoes with Ctrl+Z', async () => {
    const face = await select('sample3.jpg', 1)
    await visor.page.keyboard.press('Enter')
    await expect.poll(async () => (await faceOf(face)).confirmed).toBe(true)
    const inspector = visor.page.getByRole('region', { name: 'Inspector' })
    await inspector.getByText('confirmed', { exact: true }).waitFor()
    await visor.page.keyboard.press('Control+z')
    await expect.poll(async () => (await faceOf(face)).confirmed).toBe(false)
    await inspector.getByText('confirmed', { exact: true }).waitFor({ state: 'hidden' })
    expect((await faceOf(face)).person?.name).toBe('Žofie Nováková')
  })

  it('rules a person out with X: they are not offered again, until that is undone', async () => {
    const face = await select('sample3.jpg', 1)
    await visor.page.keyboard.press('x')
    await expect.poll(async () => (await faceOf(face)).decision).toBe('unknown')
    expect((await faceOf(face)).candidates[0]).toMatchObject({ name: 'Žofie Nováková', rejected: true })
    await visor.screenshot('small-window-ruled-out')
    await visor.page.keyboard.press('Control+z')
    await expect.poll(async () => (await faceOf(face)).decision).toBe('match')
  })

  it('follows a change of thresholds at once, without reading a photo again', async () => {
    const { page } = visor
    await page.evaluate(() =>
      window.visor.request['settings.update']({ search: { matchDistance: 0.01, possibleDistance: 0.02 } }),
    )
    const third = async () => (await queueItems(page)).find(({ name }) => name === 'sample3.jpg')!
    await expect.poll(async () => (await third()).unknowns).toBe(3)
    await page.evaluate(() =>
      window.visor.request['settings.update']({ search: { matchDistance: null, possibleDistance: null } }),
    )
    await expect.poll(async () => (await third()).matches).toBe(1)
  })

  it('names nobody while no domain is chosen, and starts again when all are', async () => {
    const { page } = visor
    await select('sample3.jpg', 1)
    const third = async () => (await queueItems(page)).find(({ name }) => name === 'sample3.jpg')!
    await page.evaluate(() => window.visor.request['settings.update']({ search: { domain: null } }))
    await page.getByRole('region', { name: 'Inspector' }).getByText('Choose a domain').waitFor()
    await expect.poll(third).toMatchObject({ faces: 3, matches: 0, people: [] })
    await visor.drop([samples[0]!])
    await expect.poll(async () => (await queueItems(page)).at(-1)?.state).toBe('waiting')
    await page.evaluate(() => window.visor.request['settings.update']({ search: { allDomains: true } }))
    await expect.poll(async () => (await queueItems(page)).at(-1)?.state).toBe('done')
    await expect.poll(async () => (await third()).matches).toBe(1)
    const added = (await queueItems(page)).at(-1)!
    await page.evaluate(async (itemId) => {
      await window.visor.request['queue.remove']({ itemIds: [itemId] })
      await window.visor.request['settings.update']({ search: { domain: 'team', allDomains: false } })
    }, added.itemId)
    await expect.poll(async () => (await third()).matches).toBe(1)
  })

  it('remembers everything when it is started again', async () => {
    await visor.close()
    visor = await openVisor({ data: visor.data })
    await expect
      .poll(async () => (await queueItems(visor.page)).map(({ name, state, faces }) => [name, state, faces]))
      .toEqual([3, 3, 3, 4, 5, 4].map((faces, index) => [`sample${index + 1}.jpg`, 'done', faces]))
    await expect
      .poll(async () => (await queueItems(visor.page))[2]!.people)
      .toMatchObject([{ name: 'Žofie Nováková' }])
  })
})

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
