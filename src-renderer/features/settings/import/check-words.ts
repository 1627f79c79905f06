/** What a check of a source’s model says, and what to do then. Pure. Renderer. */
import type { ModelCheck } from '../../../../src-shared/import-run'
import { counted, fileName } from '../../../wording'

interface CheckContext {
  /** The embeddings are taken for the model in use. */
  readonly isActive: boolean
  /** Somebody said of which model they are: the source does not say so itself. */
  readonly isChosen: boolean
  /** Where photos were sought besides their paths. */
  readonly folder: string | null
}

export interface CheckWords {
  readonly verdict: string
  readonly figure: string
  readonly next: string
}

export function checkWords(
  { compared, medianCosine, verdict }: ModelCheck,
  { isActive, isChosen, folder }: CheckContext,
): CheckWords {
  if (medianCosine === null || verdict === 'unknown') {
    return {
      verdict: 'No photo was found.',
      figure: `None is at the path that the source has${folder === null ? '' : `, or in ${fileName(folder)}`}, so nothing was compared.`,
      next: isActive
        ? 'Choose the folder with the photos and check again. Otherwise whoever says so is believed.'
        : 'Choose the folder with the photos and check again, or leave what the source says: nothing is compared that cannot be.',
    }
  }
  const figure = `Median cosine ${medianCosine.toFixed(2).replace('-', '−')} of ${counted(compared, 'face')}.`
  if (verdict === 'same') {
    const next = isActive
      ? 'Searches find these people as soon as they are imported.'
      : 'Choose the model in use above: searches then find these people as soon as they are imported.'
    return { verdict: 'Same model.', figure, next }
  }
  const leave = 'they are kept apart, and after the run their photos can be looked at for new embeddings.'
  const next = !isActive
    ? `Leave it as it is: ${leave}`
    : isChosen
      ? `Choose what the source says: ${leave} Or say below why they are of it all the same.`
      : `The source names a model that they are not of. Choose another one above: ${leave}`
  return { verdict: 'Another model.', figure, next }
}
