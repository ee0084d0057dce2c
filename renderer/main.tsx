import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import './styles/controls.css'
import './styles/parts.css'
import './styles/dialogs.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { hostBridge } from './bridge.ts'
import { createDesk, DeskContext } from './desk.ts'
import { followTheme } from './theme.ts'

const desk = createDesk(hostBridge())
followTheme(desk.mirror)
desk.start()
const root = document.querySelector('#root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <DeskContext value={desk}>
      <App />
    </DeskContext>
  </StrictMode>,
)
