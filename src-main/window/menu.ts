/** The native menu. Keys that mean something only outside text fields are shown here and listened for by the page. Runs in main. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import type { EventPayload } from '../../src-shared/ipc'

type Command = EventPayload<'command'>

/** Makes the menu of the application; `send` tells the page which command was chosen. */
export function installMenu(send: (command: Command) => void): void {
  const command = (label: string, name: Command, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => send(name),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  })
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('Open Photos…', 'open-files', 'CmdOrCtrl+O'),
        command('Open Folder…', 'open-folder', 'CmdOrCtrl+Shift+O'),
        { type: 'separator' },
        command('Export as JSON…', 'export-json', 'CmdOrCtrl+E'),
        command('Export as CSV…', 'export-csv', 'CmdOrCtrl+Shift+E'),
        { type: 'separator' },
        command('Export People…', 'export-people'),
        command('Import People…', 'import-people'),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        command('Undo Last Act', 'undo', 'CmdOrCtrl+Z'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        command('Identify', 'show-identify', 'CmdOrCtrl+1'),
        command('Galleries', 'show-galleries', 'CmdOrCtrl+2'),
        command('Review', 'show-review', 'CmdOrCtrl+3'),
        command('History of the Galleries', 'history', 'CmdOrCtrl+H'),
        command('Bin', 'bin', 'CmdOrCtrl+B'),
        { type: 'separator' },
        command('Settings', 'show-settings', 'CmdOrCtrl+,'),
        command('All Commands…', 'palette', 'CmdOrCtrl+K'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [command('Keys', 'help', '?')] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
