/** The two schemes of the window: its own files, and pictures by id. Runs in main. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { protocol, type Session } from 'electron'
import { hasCode } from '../../src-shared/errors'
import { pictureScheme } from '../../src-shared/picture-url'

const appScheme = 'visor-app'
/** Where the window's page is. */
export const appOrigin = `${appScheme}://window`

/** No network, no inline script or style, no frame, no plug-in: what the page needs comes from its own two schemes. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  `img-src 'self' ${pictureScheme}:`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Before the app is ready: both schemes are standard and secure, neither may reach the network. */
export function declareSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
    { scheme: pictureScheme, privileges: { standard: true, secure: true } },
  ])
}

/**
 * Serves `folder` as the window's files and `picture` as its pictures, and refuses every other address.
 *
 * @param picture the JPEG at an address; rejects with `not-found`
 */
export function serveSchemes(
  session: Session,
  folder: string,
  picture: (url: string) => Promise<Uint8Array>,
): void {
  session.protocol.handle(appScheme, async ({ url }) => {
    const { host, pathname } = new URL(url)
    const path = normalize(join(folder, decodeURIComponent(pathname)))
    const mediaType = mediaTypes[extname(path)]
    if (host !== 'window' || !path.startsWith(folder + sep) || mediaType === undefined) return notFound()
    const bytes = await readFile(path).catch(() => undefined)
    return bytes === undefined
      ? notFound()
      : new Response(new Uint8Array(bytes), {
          headers: {
            'content-type': mediaType,
            'content-security-policy': contentSecurityPolicy,
            'x-content-type-options': 'nosniff',
          },
        })
  })
  session.protocol.handle(pictureScheme, async ({ url }) => {
    try {
      const jpeg = await picture(url)
      return new Response(new Uint8Array(jpeg), {
        headers: {
          'content-type': 'image/jpeg',
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      })
    } catch (error) {
      return hasCode(error, 'not-found') ? notFound() : new Response(null, { status: 503 })
    }
  })
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'] },
    (_, callback) => callback({ cancel: true }),
  )
}

function notFound(): Response {
  return new Response(null, { status: 404 })
}
