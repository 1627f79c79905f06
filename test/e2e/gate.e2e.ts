/** The enrolment gate as one meets it: reasons beside the face, a word of why, a policy that blocks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../src-shared/gallery'
import { allDone, queueItems, recognitionOf } from './asking'
import { openVisor, samplePhoto, type VisorWindow } from './visor-window'

describe('a face that joins a person', () => {
  let visor: VisorWindow
  beforeAll(async () => {
    visor = await openVisor({ width: 1024, height: 700 })
    const { page } = visor
    await page.evaluate(async () => {
      await window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'team' })
      await window.visor.request['settings.update']({ search: { domain: 'team' }, firstRunDone: true })
    })
    await visor.drop([samplePhoto(1), samplePhoto(2)])
    await allDone(page, 2)
  })
  afterAll(() => visor.close())

  const select = async (name: string, leftToRight: number) => {
    const { page } = visor
    const { itemId } = (await queueItems(page)).find((candidate) => candidate.name === name)!
    const { faces } = (await recognitionOf(page, itemId))!
    const { index } = faces.toSorted((a, b) => a.box.x - b.box.x)[leftToRight]!
    await page.getByRole('option', { name: new RegExp(`^${name}`) }).click()
    await page.getByTestId(`face-box-${index}`).click()
    return async () => (await recognitionOf(page, itemId))!.faces[index]!
  }
  /** The face of the second photo that is turned away, largest of the three. */
  const turned = async () => {
    const { page } = visor
    const { itemId } = (await queueItems(page)).find(({ name }) => name === 'sample2.jpg')!
    const { faces } = (await recognitionOf(page, itemId))!
    return faces.toSorted((a, b) => a.box.x - b.box.x).findIndex(({ quality }) => quality.pose < 0.5)
  }
  const nameIt = async (name: string) => {
    await visor.page.keyboard.press('n')
    await visor.page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await visor.page.keyboard.press('Enter')
  }
  const objection = () => visor.page.getByRole('form', { name: 'Before this face is added' })
  const newest = async () => {
    const reply = await visor.page.evaluate(() =>
      window.visor.request['gallery.history']({ clientId: 'default', limit: 1 }),
    )
    return reply.ok ? (reply.value as LedgerEntry[])[0] : undefined
  }

  it('is as quick as ever where nothing speaks against it', async () => {
    const face = await select('sample1.jpg', 2)
    await nameIt('Cleo')
    await expect.poll(async () => (await face()).confirmed).toBe(true)
    expect(await objection().count()).toBe(0)
    expect((await newest())?.reason).toBeUndefined()
  })

  it('shows in place why not, and leaves it at Escape', async () => {
    const face = await select('sample2.jpg', await turned())
    await nameIt('Dora')
    await objection()
      .getByText(/The head is turned away by about \d+°/)
      .waitFor()
    await visor.screenshot('gate-objection-dark')
    await visor.page.keyboard.press('Escape')
    await objection().waitFor({ state: 'hidden' })
    expect((await face()).confirmed).toBe(false)
  })

  it('goes on with a word of why, which the history keeps, and undoes it', async () => {
    const face = await select('sample2.jpg', await turned())
    await nameIt('Dora')
    await objection().getByRole('textbox').fill('The only photo there is')
    await visor.page.keyboard.press('Enter')
    await expect.poll(async () => (await face()).confirmed).toBe(true)
    await objection().waitFor({ state: 'hidden' })
    expect((await newest())?.reason).toBe('The only photo there is (in spite of: poor picture)')
    await visor.page.keyboard.press('Control+z')
    await expect.poll(async () => (await face()).confirmed).toBe(false)
  })

  it('tells of somebody who is confirmed in the same photo, and blocks that by default', async () => {
    const face = await select('sample1.jpg', 1)
    await visor.page.keyboard.press('1')
    await visor.page.keyboard.press('Enter')
    await objection()
      .getByText(/^Cleo is in this photo already, as another face/)
      .waitFor()
    expect(await objection().getByRole('textbox').count()).toBe(0)
    await visor.screenshot('gate-blocked-dark')
    const reply = await visor.page.evaluate(
      async ({ itemId, faceIndex, personId }) =>
        window.visor.request['face.confirm']({ itemId, faceIndex, personId, why: 'I insist' }),
      {
        itemId: (await queueItems(visor.page)).find(({ name }) => name === 'sample1.jpg')!.itemId,
        faceIndex: (await face()).index,
        personId: (await (await select('sample1.jpg', 2))()).person!.personId,
      },
    )
    expect(reply).toMatchObject({ ok: true, value: { done: false, reasons: [{ action: 'block' }] } })
  })

  it('leads to the policy, where a domain chooses', async () => {
    const { page } = visor
    await select('sample1.jpg', 1)
    await page.keyboard.press('1')
    await page.keyboard.press('Enter')
    await objection().getByRole('button', { name: 'Open the policy' }).click()
    await page.getByRole('heading', { name: 'Enrolment gate' }).waitFor()
    await visor.screenshot('settings-gate-dark')
    const samePhoto = page.getByRole('radiogroup', { name: 'Same photo', exact: true })
    await samePhoto.getByText('Ignore').click()
    await page
      .getByTestId('state-line')
      .getByText(/0 reasons block/)
      .waitFor()
    const reply = await page.evaluate(() =>
      window.visor.request['gate.policy']({ clientId: 'default', domain: 'team' }),
    )
    expect(reply).toMatchObject({ ok: true, value: { 'same-photo': 'ignore', quality: 'warn' } })
  })
})
