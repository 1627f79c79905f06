/** The settings, in one JSON file of the data folder. Runs in main. */
import { readFileSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { defaultSettings, type Settings, type SettingsPatch, settingsSchema } from '../../src-shared/settings'
import { Listeners } from '../host/listeners'

/** Changes are gathered this long before they are written. */
const writeDelayMs = 300

/** What main alone changes. */
type OwnPatch = Partial<
  Pick<
    Settings,
    | 'window'
    | 'consents'
    | 'modelPack'
    | 'thresholds'
    | 'gatePolicies'
    | 'healthPaused'
    | 'storeMode'
    | 'cutOver'
    | 'server'
  >
>

export class SettingsFile {
  readonly changed = new Listeners<Settings>()
  readonly writeFailed = new Listeners<unknown>()
  readonly #path: string
  #settings: Settings
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  /** Reads the file at once: it is small, and the window's place is needed before there is a window. */
  constructor(path: string) {
    this.#path = path
    this.#settings = readSettings(path)
  }

  get current(): Settings {
    return this.#settings
  }

  update(patch: SettingsPatch & OwnPatch): Settings {
    const { search, ...rest } = patch
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    this.#settings = settingsSchema.parse({
      ...this.#settings,
      ...given,
      search: { ...this.#settings.search, ...search },
    })
    this.changed.emit(this.#settings)
    this.#timer ??= setTimeout(() => void this.flush(), writeDelayMs)
    return this.#settings
  }

  /** Writes what is not written yet. A failure is told by {@link writeFailed}; the settings go on in memory. */
  flush(): Promise<void> {
    if (this.#timer === undefined) return this.#writing
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = `${JSON.stringify(this.#settings, null, 2)}\n`
    this.#writing = this.#writing
      .then(() => writeFileAtomic(this.#path, text))
      .catch((error: unknown) => this.writeFailed.emit(error))
    return this.#writing
  }
}

/** The settings in a file; defaults for all that is missing or broken. */
export function readSettings(path: string): Settings {
  const whole = settingsSchema.safeParse(readJson(path))
  return whole.success ? whole.data : defaultSettings
}

/** What is in a JSON file; `undefined` where it cannot be read or is not JSON. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
