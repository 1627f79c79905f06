/** The preload (sandboxed, isolated): builds `window.visor` out of the contract's names, nothing else. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  type EventName,
  eventChannel,
  eventNames,
  pageRequestNames,
  requestChannel,
} from '../src-shared/channels'
import type { EventPayload, Reply, VisorApi } from '../src-shared/ipc'

const request = Object.fromEntries(
  pageRequestNames.map((name) => [
    name,
    (input: unknown): Promise<Reply> => ipcRenderer.invoke(requestChannel(name), input),
  ]),
) as VisorApi['request']

function subscription<N extends EventName>(name: N) {
  return (listener: (payload: EventPayload<N>) => void): (() => void) => {
    const forward = (_event: unknown, payload: EventPayload<N>) => listener(payload)
    ipcRenderer.on(eventChannel(name), forward)
    return () => ipcRenderer.off(eventChannel(name), forward)
  }
}

const on = Object.fromEntries(eventNames.map((name) => [name, subscription(name)])) as VisorApi['on']

/** What of this is a file that the browser itself made. Anything else the page might pass is none. */
function filesOf(candidates: readonly unknown[]): {
  readonly files: readonly File[]
  readonly paths: string[]
} {
  const files = candidates.filter((candidate) => candidate instanceof File)
  return { files, paths: files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '') }
}

/** Adds what the browser made of a drop or a paste: files by their paths, pictures that have none by their bytes. */
async function addFiles(candidates: readonly unknown[]): Promise<Reply> {
  const { files, paths } = filesOf(candidates)
  if (paths.length > 0) return ipcRenderer.invoke(requestChannel('queue.addPaths'), { paths })
  const pictures = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())))
  return ipcRenderer.invoke(requestChannel('queue.addPictures'), { pictures })
}

/** Enrols what was dropped on a person. */
function addFilesToPerson(personId: string, candidates: readonly unknown[]): Promise<Reply> {
  return ipcRenderer.invoke(requestChannel('gallery.addPaths'), {
    personId,
    paths: filesOf(candidates).paths,
  })
}

/** Has main take what was dropped as a source; the page may then ask for its path. */
async function takeSource(candidates: readonly unknown[]): Promise<string | null> {
  const [path] = filesOf(candidates).paths
  if (path === undefined) return null
  const reply = (await ipcRenderer.invoke(requestChannel('import.takePath'), { path })) as Reply
  return reply.ok ? path : null
}

/** Compares both sides on what was dropped. */
function replayFiles(candidates: readonly unknown[]): Promise<Reply> {
  return ipcRenderer.invoke(requestChannel('dual.replayPaths'), { paths: filesOf(candidates).paths })
}

const visor: VisorApi = { request, on, addFiles, addFilesToPerson, takeSource, replayFiles }

contextBridge.exposeInMainWorld('visor', visor)
