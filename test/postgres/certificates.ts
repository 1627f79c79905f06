/** Certificates for a test server and their authority, made when the server is. Tests and benchmarks, Electron's Node. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
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

interface Signed {
  readonly certificate: forge.pki.Certificate
  readonly keys: forge.pki.rsa.KeyPair
}

/** A certificate for `name`, valid from yesterday to tomorrow, signed by `issuer` or, where there is none, by itself. */
function sign(name: string, issuer: Signed | null, extensions: object[]): Signed {
  const keys = forge.pki.rsa.generateKeyPair(2048)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = keys.publicKey
  // Positive, as the standard asks.
  certificate.serialNumber = `00${randomBytes(12).toString('hex')}`
  certificate.validity.notBefore = new Date(Date.now() - dayMs)
  certificate.validity.notAfter = new Date(Date.now() + dayMs)
  const subject = [{ name: 'commonName', value: name }]
  certificate.setSubject(subject)
  certificate.setIssuer(issuer?.certificate.subject.attributes ?? subject)
  certificate.setExtensions(extensions)
  certificate.sign(issuer?.keys.privateKey ?? keys.privateKey, forge.md.sha256.create())
  return { certificate, keys }
}

/** Writes `server.crt` and `server.key` for `localhost` and 127.0.0.1 into a cluster's folder, and beside them who signed. */
export function makeCertificates(data: string): Certificates {
  const authority = sign('Visor tests', null, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ])
  const server = sign('localhost', authority, [
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
      ],
    },
  ])
  const write = (file: string, text: string) => {
    const path = join(data, file)
    writeFileSync(path, text, { mode: 0o600 })
    handOver(path)
    return path
  }
  write('server.crt', forge.pki.certificateToPem(server.certificate))
  write('server.key', forge.pki.privateKeyToPem(server.keys.privateKey))
  const pem = forge.pki.certificateToPem(authority.certificate)
  return { authority: pem, authorityFile: write('authority.crt', pem) }
}
