/** Where the caches of servers lie in a data folder. Main, command line. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

/** `host:port/database` → the server's identity, as it was when it last answered: whose cache it is while it does not. */
const serversSchema = z.record(z.string(), z.uuid())

export class CacheFolders {
  readonly #root: string
  readonly #file: string

  /** `root`: made with the first cache. */
  constructor(root: string) {
    this.#root = root
    this.#file = join(root, 'servers.json')
  }

  /** The identity of the server at a place; nothing where it never answered. */
  serverAt(place: string): string | undefined {
    return this.#servers()[place]
  }

  folderOf(serverId: string): string {
    return join(this.#root, z.uuid().parse(serverId))
  }

  /** Notes which server answers at a place. The folder of its cache is there by now. */
  async remember(place: string, serverId: string): Promise<void> {
    const servers = this.#servers()
    if (servers[place] === serverId) return
    await writeFileAtomic(
      this.#file,
      `${JSON.stringify({ ...servers, [place]: serverId }, undefined, 2)}\n`,
      {
        mode: 0o600,
      },
    )
  }

  #servers(): z.infer<typeof serversSchema> {
    try {
      return serversSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
      throw error
    }
  }
}
