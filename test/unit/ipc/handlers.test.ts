/** What main does for the window's requests: the parts that decide. What they work with is a stand-in that takes notes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { appHandlers } from '../../../src-main/ipc/handlers/app'
import { galleryHandlers } from '../../../src-main/ipc/handlers/gallery'
import { queueHandlers } from '../../../src-main/ipc/handlers/queue'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { Jobs } from '../../../src-main/services/jobs'
import { VisorError } from '../../../src-shared/errors'
import type { DomainSummary } from '../../../src-shared/gallery'
import { clientIdSchema, domainSchema } from '../../../src-shared/ids'
import { emptyFilter } from '../../../src-shared/queue'
import { defaultSettings, type Settings, type SettingsPatch } from '../../../src-shared/settings'
import { item } from '../renderer/queue-items'

const clientA = clientIdSchema.parse('A')
const clientB = clientIdSchema.parse('B')
const sample = domainSchema.parse('sample')

function summary(labelled: boolean): DomainSummary {
  return { domain: sample, persons: 1, photos: 1, faces: 1, embeddingsByModel: {}, sample: labelled }
}

/** Services that do nothing but say in `notes` what they were told. */
function services(search: Partial<Settings['search']>) {
  const notes: string[] = []
  let current: Settings = { ...defaultSettings, search: { ...defaultSettings.search, ...search } }
  const parts = {
    settings: {
      get current() {
        return current
      },
      update: (patch: SettingsPatch) => {
        current = { ...current, ...patch, search: { ...current.search, ...patch.search } } as Settings
        return current
      },
    },
    queue: {
      searchAgain: () => notes.push('searched again'),
      wake: () => notes.push('woken'),
      snapshot: () => ({ items: [] }),
      remove: async () => {},
    },
    gallery: {
      clients: async () => [
        { clientId: clientA, domains: [summary(true)] },
        { clientId: clientB, domains: [summary(false)] },
      ],
      deleteDomain: async (clientId: string, domain: string) => {
        notes.push(`deleted ${clientId} ${domain}`)
        return {}
      },
    },
    packs: { isSample: () => false },
    actor: 'tester',
    galleriesChanged: (clientId: string) => notes.push(`changed ${clientId}`),
  }
  return { all: parts as unknown as Services, notes }
}

it('removes the domain that is labelled as the sample gallery, and nobody’s own of that name', async () => {
  const { all, notes } = services({ clientId: clientB, domain: sample })
  await galleryHandlers(all)['gallery.removeSamples']()
  expect(notes).toEqual(['deleted A sample', 'changed A'])
  expect(all.settings.current.search.domain).toBe(sample)
})

it.each([
  [{ domain: sample }, ['searched again', 'woken']],
  [{ allDomains: true }, ['searched again', 'woken']],
  [{ thorough: true }, []],
])('wakes a queue that waited for something to search: %j', (search, notes) => {
  const { all, notes: taken } = services({})
  appHandlers(all)['settings.update']({ search })
  expect(taken).toEqual(notes)
})

it('tells who shows the bin that it is kept for other days', () => {
  const { all, notes } = services({ clientId: clientB })
  appHandlers(all)['settings.update']({ binRetentionDays: 7 })
  expect(notes).toEqual(['changed B'])
  appHandlers(all)['settings.update']({ binRetentionDays: 7 })
  expect(notes).toEqual(['changed B'])
})

it('exports the other photos where one is taken out of the queue meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-export-'))
  const path = join(folder, 'out.json')
  const { all } = services({})
  const queue = {
    snapshot: () => ({ items: [item(0), item(1)] }),
    detail: async () => {
      throw new VisorError('not-found', 'This photo is not in the queue any more.')
    },
  }
  const jobs = new Jobs()
  const ended = new Promise((resolve) => jobs.changed.add((job) => job.state !== 'running' && resolve(job)))
  const parts = { ...all, queue, jobs, desktop: { chooseSave: async () => path } } as unknown as Services
  await queueHandlers(parts)['queue.export']({ format: 'json', filter: emptyFilter })
  expect(await ended).toMatchObject({ state: 'done' })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveLength(2)
  rmSync(folder, { recursive: true })
})
