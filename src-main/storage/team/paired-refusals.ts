/** What is not done on a gallery that is paired with a server, and why. Main, command line. */
import { VisorError } from '../../../src-shared/errors'

/** Domains are made on both sides, and changed on neither. */
export function domainsAreShared(): VisorError {
  return new VisorError(
    'conflict',
    'This gallery is on a server as well, where its domains would change for everybody.',
    {
      consequence: 'Nothing was changed.',
      remedy: 'Rename or delete domains after the cut-over, or end the pairing first.',
    },
  )
}

/** A source is brought to the server by itself: what it makes follows from it, and is the same on both sides. */
export function importsStayHere(): VisorError {
  return new VisorError(
    'conflict',
    'This gallery is on a server as well, and an import would reach only this machine.',
    {
      consequence: 'Nothing was imported.',
      remedy: 'Import after the cut-over, or end the pairing first.',
    },
  )
}

/** From both, or from neither. */
export function erasedFromBoth(): VisorError {
  return new VisorError(
    'server-unreachable',
    'Whoever is erased has to go from the server as well, and that is not asked just now.',
    {
      consequence: 'Nobody was erased.',
      remedy: 'Erase in mode dual or server while the server answers, or end the pairing first.',
    },
  )
}
