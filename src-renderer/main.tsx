/** Entry of the window: asks for what is remembered, then draws. Renderer. */
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import './styles/tokens.css'
import './styles/global.css'
import { createRoot } from 'react-dom/client'
import { request } from './api'
import { App } from './app'
import { commandsOf } from './commands/catalogue'
import { listenForCommands } from './commands/hotkeys'
import { connect } from './state/connect'
import { createStore } from './state/store'
import { StoreContext } from './state/use-visor'

const store = createStore(await request('settings.get'))
const commands = commandsOf(store)
connect(store)
listenForCommands(store, commands)

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StoreContext value={store}>
    <App commands={commands} />
  </StoreContext>,
)
