/** Passwords: kept by the operating system, or in memory until Visor is closed; never in clear in a file. Runs in main. */
import { readFile, rm } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { systemCodeOf, VisorError } from '../../src-shared/errors'

/** The operating system's key store, as main sees it. */
export interface KeyStore {
  /** Whether there is one that protects anything: a key that stands in Visor's own program is none. */
  isAvailable(): Promise<boolean>
  /** Seals a text with the user's key. Only where there is a store. */
  seal(text: string): Promise<Buffer>
  /** `sealAgain`: the key has been changed since. Raises where the key is another user's or another machine's. */
  open(sealed: Buffer): Promise<{ readonly text: string; readonly sealAgain: boolean }>
}

/** Where a secret is now: for good, or until Visor is closed, because there is no key store or it was not asked for. */
export type SecretPlace = 'system-store' | 'memory'

const fileSchema = z.object({
  version: z.literal(1),
  /** By name; the sealed bytes in Base64. */
  sealed: z.record(z.string(), z.base64()),
})

/** Secrets by name. The names stand in the file as they are; the secrets never. */
export class Secrets {
  readonly #path: string
  readonly #keyStore: KeyStore
  readonly #inMemory = new Map<string, string>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(path: string, keyStore: KeyStore) {
    this.#path = path
    this.#keyStore = keyStore
  }

  /** Whether secrets can be kept beyond this run. */
  canKeep(): Promise<boolean> {
    return this.#keyStore.isAvailable()
  }

  /** Keeps a secret for good where there is a key store, else until Visor is closed; says which. */
  async keep(name: string, secret: string): Promise<SecretPlace> {
    this.#inMemory.set(name, secret)
    if (!(await this.#keyStore.isAvailable())) return 'memory'
    const sealed = await this.#keyStore.seal(secret)
    await this.#change((all) => ({ ...all, [name]: sealed.toString('base64') }))
    return 'system-store'
  }

  /** Holds a secret until Visor is closed, and forgets what was kept under the name before. */
  async hold(name: string, secret: string): Promise<void> {
    await this.forget(name)
    this.#inMemory.set(name, secret)
  }

  /** The secret of that name that was given since Visor was started. */
  held(name: string): string | undefined {
    return this.#inMemory.get(name)
  }

  /** The secret of that name, held or kept; `undefined` where there is none. Raises `server-login` where it can no longer be opened. */
  async read(name: string): Promise<string | undefined> {
    const held = this.held(name)
    if (held !== undefined) return held
    const sealed = (await this.#readFile())[name]
    if (sealed === undefined || !(await this.#keyStore.isAvailable())) return undefined
    let opened: Awaited<ReturnType<KeyStore['open']>>
    try {
      opened = await this.#keyStore.open(Buffer.from(sealed, 'base64'))
    } catch (cause) {
      throw new VisorError('server-login', 'The saved password can no longer be opened.', {
        cause,
        consequence: 'Visor is not logged in.',
        remedy: 'Type the password again.',
      })
    }
    this.#inMemory.set(name, opened.text)
    if (opened.sealAgain) await this.keep(name, opened.text)
    return opened.text
  }

  /** Where the secret of that name is, without opening it; `undefined` where there is none. */
  async placeOf(name: string): Promise<SecretPlace | undefined> {
    if (name in (await this.#readFile())) return 'system-store'
    return this.#inMemory.has(name) ? 'memory' : undefined
  }

  async forget(name: string): Promise<void> {
    this.#inMemory.delete(name)
    await this.#change(({ [name]: _, ...others }) => others)
  }

  /** Changes follow one another: each reads what the one before wrote. */
  #change(change: (sealed: Record<string, string>) => Record<string, string>): Promise<void> {
    const changed = this.#writing.then(async () => {
      const before = await this.#readFile()
      const sealed = change(before)
      if (Object.keys(sealed).length > 0) {
        const text = `${JSON.stringify({ version: 1, sealed }, null, 2)}\n`
        await writeFileAtomic(this.#path, text, { mode: 0o600 })
      } else if (Object.keys(before).length > 0) {
        await rm(this.#path, { force: true })
      }
    })
    // One that failed told its caller, and does not hold up the next.
    this.#writing = changed.then(
      () => undefined,
      () => undefined,
    )
    return changed
  }

  /** What is kept; nothing where the file is missing or is none of ours: then a password is asked for again. */
  async #readFile(): Promise<Record<string, string>> {
    let text: string
    try {
      text = await readFile(this.#path, 'utf8')
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return {}
      throw error
    }
    return fileSchema.safeParse(parsed(text)).data?.sealed ?? {}
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
