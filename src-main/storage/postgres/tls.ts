/** What each TLS mode asks for, as libpq does it: order, certificates, checks. Server thread, command line. */
import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import tls from 'node:tls'
import type { SslMode } from '../../../src-shared/server'
import type { ServerTarget } from './conninfo'
import { foundFailure } from './failures'
import { isFileSystemError } from './file-error'

/** With (`true`) and without TLS, in the order they are tried. A Unix socket never has it. */
export function encryptionOrder(mode: SslMode, host: string): readonly boolean[] {
  if (host.startsWith('/')) return [false]
  switch (mode) {
    case 'disable':
      return [false]
    case 'allow':
      return [false, true]
    case 'prefer':
      return [true, false]
    default:
      return [true]
  }
}

type CertificateSettings = Pick<
  ServerTarget,
  'sslMode' | 'sslRootCertificate' | 'sslCertificate' | 'sslKey' | 'userFolder'
>

/**
 * How to secure a connection to `host`. The signature is checked in the verify modes and, as in libpq, in every mode where
 * there is a root certificate; the name only in verify-full. Files are read anew, so that renewed ones count at once.
 * Raises `server-insecure`.
 */
export async function tlsOptions(
  settings: CertificateSettings,
  host: string,
): Promise<tls.ConnectionOptions> {
  const { sslMode } = settings
  const ca = await rootCertificates(settings)
  const own = await ownCertificate(settings)
  return {
    secureContext: contextOf({ ...(ca === undefined ? {} : { ca }), ...own, minVersion: 'TLSv1.2' }),
    rejectUnauthorized: ca !== undefined,
    checkServerIdentity: (_, certificate) =>
      sslMode === 'verify-full' ? tls.checkServerIdentity(host, certificate) : undefined,
  }
}

async function rootCertificates({ sslMode, sslRootCertificate, userFolder }: CertificateSettings) {
  if (sslRootCertificate === 'system') return tls.getCACertificates('system')
  if (sslRootCertificate !== null) return authorities(sslRootCertificate)
  const usual = join(userFolder, 'root.crt')
  if (await isThere(usual)) return authorities(usual)
  if (sslMode.startsWith('verify'))
    throw foundFailure({ kind: 'tls', reason: 'file-missing' }, undefined, usual)
  return undefined
}

/** A file of authorities' certificates. Node would take any text, and then trust nobody. */
async function authorities(path: string): Promise<string[]> {
  const text = await pem(path)
  try {
    new X509Certificate(text)
  } catch {
    throw foundFailure({ kind: 'tls', reason: 'file-unfit' }, undefined, path)
  }
  return [text]
}

/** The client certificate and its key: those named, or libpq's own where there are. */
async function ownCertificate({ sslCertificate, sslKey, userFolder }: CertificateSettings) {
  const certificate = sslCertificate ?? join(userFolder, 'postgresql.crt')
  if (sslCertificate === null && !(await isThere(certificate))) return {}
  const key = sslKey ?? join(userFolder, 'postgresql.key')
  await checkKeyFile(key)
  return { cert: await pem(certificate), key: await pem(key) }
}

/** libpq's rule: nobody but the owner; where that is root, the group may read. Windows has no such bits. */
async function checkKeyFile(path: string): Promise<void> {
  if (process.platform === 'win32' || !(await isThere(path))) return
  const { mode, uid } = await stat(path)
  if ((mode & (uid === 0 ? 0o037 : 0o077)) !== 0) {
    throw foundFailure({ kind: 'tls', reason: 'file-open-to-others' }, undefined, path)
  }
}

async function pem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!isFileSystemError(error)) throw error
    const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR'
    throw foundFailure({ kind: 'tls', reason: missing ? 'file-missing' : 'file-unfit' }, undefined, path)
  }
}

function contextOf(options: tls.SecureContextOptions): tls.SecureContext {
  try {
    return tls.createSecureContext(options)
  } catch (error) {
    // The library's message names what is wrong with the PEM text, not the text.
    throw foundFailure(
      { kind: 'tls', reason: 'file-unfit' },
      undefined,
      error instanceof Error ? error.message : '',
    )
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isFileSystemError(error)) return false
    throw error
  }
}
