/** Stands for a store that is still being opened. Main. */
import type { OpenStore } from './open-store'

/** Every call waits until `opening` is through, and rejects with what it rejects with. `giveUp`: nobody waits for it any more. */
export function storeLater(opening: Promise<OpenStore>, giveUp: () => void): OpenStore {
  let opened: OpenStore | undefined
  opening.then(
    (store) => {
      opened = store
    },
    // Whoever calls is told.
    () => undefined,
  )
  const part = <P extends Exclude<keyof OpenStore, 'close'>>(name: P): OpenStore[P] =>
    new Proxy({} as OpenStore[P], {
      get: (_, method) => {
        if (name === 'gallery' && method === 'engine') return opened?.gallery.engine ?? ''
        return async (...args: unknown[]) => {
          const now = (await opening)[name]
          return Reflect.apply(Reflect.get(now, method) as () => unknown, now, args)
        }
      },
    })
  return {
    gallery: part('gallery'),
    reviews: part('reviews'),
    unknown: part('unknown'),
    erasure: part('erasure'),
    health: part('health'),
    imports: part('imports'),
    close: async () => {
      if (opened === undefined) giveUp()
      const store = await opening.catch(() => undefined)
      await store?.close()
    },
  }
}
