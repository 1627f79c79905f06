/** What is told when a file cannot be fetched, and how it can be put there by hand. Main process and command line. */
import { join } from 'node:path'
import { systemCodeOf, VisorError } from '../../src-shared/errors'
import type { Artefact } from '../../src-shared/model-pack'

const consequence = 'Nothing was changed; what was there before is still in use.'

/** `disk-full` or `read-only`, for an error of a file operation below `folder`. */
export function writeFailure(cause: unknown, folder: string): VisorError {
  const code = systemCodeOf(cause)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new VisorError('disk-full', `There is no room left for the file in ${folder}.`, {
      cause,
      consequence,
      remedy: 'Free some space on that disk and try again.',
    })
  }
  return new VisorError('read-only', `Visor cannot write in ${folder}.`, {
    cause,
    consequence,
    remedy: 'Give yourself the right to write there, or start Visor as a user who has it.',
  })
}

/** `download-corrupt`: what came is not what the manifest promises. */
export function corruptDownload(artefact: Artefact, folder: string, detail: string): VisorError {
  return new VisorError('download-corrupt', `${artefact.name} did not arrive as it should be.`, {
    consequence: `It was thrown away. ${consequence}`,
    remedy: `Try again; if it fails again, the source has changed. ${byHand(artefact, folder)}`,
    detail,
  })
}

/** `network-unreachable`, or `download-corrupt` where the archive is damaged, for what reading a source threw. */
export function sourceFailure(cause: unknown, artefact: Artefact, folder: string): VisorError {
  if (cause instanceof VisorError) return cause
  const detail = cause instanceof Error ? cause.message : String(cause)
  if (corruptCode.test(systemCodeOf(cause) ?? '')) return corruptDownload(artefact, folder, detail)
  return new VisorError('network-unreachable', `${artefact.name} could not be downloaded.`, {
    cause,
    consequence,
    remedy: `See whether the network, the proxy and npm's registry setting are right, and try again. ${byHand(artefact, folder)}`,
    detail,
  })
}

/** `consent-required`: the pack's terms have not been agreed to. */
export function consentRequired(title: string, terms: string): VisorError {
  return new VisorError('consent-required', `${title} is published under terms that you have to agree to.`, {
    consequence: 'Nothing was downloaded.',
    remedy: `Read the terms (${terms}) and agree to them where you fetch the pack.`,
  })
}

/** Codes of ssri, zlib and tar: the bytes came, and are wrong. */
const corruptCode = /^(EINTEGRITY|Z_\w+|TAR_\w+)$/

function byHand(artefact: Artefact, folder: string): string {
  return `You can also put the file there yourself, as ${join(folder, artefact.name)}; its SHA-256 has to be ${artefact.sha256}.`
}
