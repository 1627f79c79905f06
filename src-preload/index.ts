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

/** The paths of what the browser made of a drop; anything else the page might pass has none. */
function droppedPaths(files: readonly unknown[]): string[] {
  return files
    .filter((file) => file instanceof File)
    .map((file) => webUtils.getPathForFile(file))
    .filter((path) => path !== '')
}

const visor: VisorApi = {
  request,
  on,
  addDropped: (files) => ipcRenderer.invoke(requestChannel('queue.addPaths'), { paths: droppedPaths(files) }),
}

contextBridge.exposeInMainWorld('visor', visor)
