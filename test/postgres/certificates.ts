/** Certificates for a test server and their authority, made when the server is. Tests and benchmarks, Electron's Node. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import forge from 'node-forge'
import { handOver } from './program'

/** What a client needs to know whom it talks to. */
export interface Certificates {
  /** The authority's certificate, PEM: what libpq calls `sslrootcert`. */
  readonly authority: string
  /** The same, in a file. */
  readonly authorityFile: string
}

const dayMs = 24 * 60 * 60 * 1000

/** A certificate with its key. */
export interface Signed {
  readonly certificate: forge.pki.Certificate
  readonly keys: forge.pki.rsa.KeyPair
}

const authorityExtensions = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, critical: true },
]

/** Somebody who signs certificates, trusted by whoever is told to. */
export const makeAuthority = (name: string): Signed => sign(name, null, authorityExtensions)

/** A certificate of a server, for host names and addresses; valid for days from now, or for none any more. */
export function signServer(authority: Signed, hosts: readonly string[], days = 1): Signed {
  const altNames = hosts.map((host) => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }))
  return sign(
    hosts[0] ?? '',
    authority,
    [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
    days,
  )
}

/** A certificate by which a client logs in as `user`. */
export const signClient = (authority: Signed, user: string): Signed =>
  sign(user, authority, [
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', clientAuth: true },
  ])

/** Certificate and key as PEM. */
export const pemOf = ({
  certificate,
  keys,
}: Signed): { readonly certificate: string; readonly key: string } => ({
  certificate: forge.pki.certificateToPem(certificate),
  key: forge.pki.privateKeyToPem(keys.privateKey),
})

/** A certificate for `name`, valid from two days ago until `days` from now, signed by `issuer` or, where there is none, by itself. */
function sign(name: string, issuer: Signed | null, extensions: object[], days = 1): Signed {
  const keys = forge.pki.rsa.generateKeyPair(2048)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = keys.publicKey
  // Positive and in as few bytes as can be, as the standard asks: a first byte from 0x01 to 0x7f.
  certificate.serialNumber = `40${randomBytes(12).toString('hex')}`
  certificate.validity.notBefore = new Date(Date.now() - 2 * dayMs)
  certificate.validity.notAfter = new Date(Date.now() + days * dayMs)
  const subject = [{ name: 'commonName', value: name }]
  certificate.setSubject(subject)
  certificate.setIssuer(issuer?.certificate.subject.attributes ?? subject)
  certificate.setExtensions(extensions)
  certificate.sign(issuer?.keys.privateKey ?? keys.privateKey, forge.md.sha256.create())
  return { certificate, keys }
}

/** Writes `server.crt` and `server.key` for `localhost` and 127.0.0.1 into a cluster's folder, and beside them who signed. */
export function makeCertificates(data: string): Certificates {
  const authority = makeAuthority('Visor tests')
  const server = pemOf(signServer(authority, ['localhost', '127.0.0.1']))
  const write = (file: string, text: string) => {
    const path = join(data, file)
    writeFileSync(path, text, { mode: 0o600 })
    handOver(path)
    return path
  }
  write('server.crt', server.certificate)
  write('server.key', server.key)
  const pem = pemOf(authority).certificate
  return { authority: pem, authorityFile: write('authority.crt', pem) }
}
