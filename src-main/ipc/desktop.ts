/** What the desktop gives: file dialogs, the file manager. Runs in main. */
import { type BrowserWindow, dialog, shell } from 'electron'

export interface Desktop {
  /** Empty where the dialog was closed. */
  choosePhotos(kind: 'files' | 'folder'): Promise<string[]>
  chooseFolder(title: string): Promise<string | undefined>
  chooseFile(title: string): Promise<string | undefined>
  /** A folder that is to be made, proposed by `name`. */
  chooseNewFolder(title: string, name: string): Promise<string | undefined>
  chooseSave(name: string, extension: string): Promise<string | undefined>
  /** Shows a file in the file manager. */
  reveal(path: string): void
}

/** The dialogs belong to `window`. */
export function electronDesktop(window: () => BrowserWindow): Desktop {
  return {
    async choosePhotos(kind) {
      const properties: Electron.OpenDialogOptions['properties'] =
        kind === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory', 'multiSelections']
      const { filePaths } = await dialog.showOpenDialog(window(), {
        title: kind === 'files' ? 'Open Photos' : 'Open Folders of Photos',
        properties,
        filters:
          kind === 'files'
            ? [
                {
                  name: 'Photos',
                  extensions: 'jpg jpeg jpe jfif png webp avif tif tiff gif heic heif'.split(' '),
                },
                { name: 'All files', extensions: ['*'] },
              ]
            : [],
      })
      return filePaths
    },
    async chooseFolder(title) {
      const { filePaths } = await dialog.showOpenDialog(window(), { title, properties: ['openDirectory'] })
      return filePaths[0]
    },
    async chooseFile(title) {
      const properties: Electron.OpenDialogOptions['properties'] = ['openFile', 'showHiddenFiles']
      const { filePaths } = await dialog.showOpenDialog(window(), { title, properties })
      return filePaths[0]
    },
    async chooseNewFolder(title, name) {
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title,
        defaultPath: name,
        buttonLabel: 'Export',
        properties: ['createDirectory'],
      })
      return canceled || filePath === '' ? undefined : filePath
    },
    async chooseSave(name, extension) {
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: 'Export',
        defaultPath: name,
        filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
      })
      return canceled || filePath === '' ? undefined : filePath
    },
    reveal(path) {
      shell.showItemInFolder(path)
    },
  }
}
