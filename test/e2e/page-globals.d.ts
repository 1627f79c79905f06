/** What the preload puts on the page's window, for what the end-to-end tests evaluate there. */
interface Window {
  readonly visor: import('../../src-shared/ipc').VisorApi
}
