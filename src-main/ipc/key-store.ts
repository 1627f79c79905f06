/** The operating system's key store, by Electron's safeStorage. Runs in main. */
import { setTimeout as sleep } from 'node:timers/promises'
import { safeStorage } from 'electron'
import type { KeyStore } from '../services/secrets'

/** Electron 42 says that there is none when it is asked for the first time, and opens it meanwhile. */
const attempts = 10
const betweenMs = 200

/** What Chromium writes before bytes that it sealed with the key in its own source (Linux). */
const ownKeyMark = 'v10'

/** Only after Electron is ready. */
export function electronKeyStore(): KeyStore {
  let available: Promise<boolean> | undefined
  const isAvailable = () => {
    available ??= look()
    return available
  }
  return {
    isAvailable,
    async seal(text) {
      // Electron 42 crashes when it is to seal where it has no store.
      if (!(await isAvailable())) throw new Error('there is no key store')
      return safeStorage.encryptStringAsync(text)
    },
    async open(sealed) {
      if (!(await isAvailable())) throw new Error('there is no key store')
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed)
      return { text: result, sealAgain: shouldReEncrypt }
    },
  }
}

async function look(): Promise<boolean> {
  const onLinux = process.platform === 'linux'
  if (onLinux && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return false
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await sleep(betweenMs)
    if (!(await safeStorage.isAsyncEncryptionAvailable())) continue
    const sealed = await safeStorage.encryptStringAsync('is there a key?')
    return !(onLinux && sealed.subarray(0, ownKeyMark.length).toString('latin1') === ownKeyMark)
  }
  return false
}
