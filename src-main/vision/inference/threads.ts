/** How many threads one inference should have. Vision process. */
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'

/**
 * Physical cores this process may use: matrix products gain nothing from a core's second thread. Linux says which logical
 * processors share a core; elsewhere all that are available are counted.
 */
export async function physicalCores(): Promise<number> {
  const available = availableParallelism()
  if (process.platform !== 'linux') return available
  const siblings = await Promise.all(
    Array.from({ length: available }, (_, cpu) =>
      readFile(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, 'latin1').catch(
        () => `${cpu}`,
      ),
    ),
  )
  return new Set(siblings.map((list) => list.trim())).size
}
