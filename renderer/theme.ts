import type { AppSettings } from '../core/app-settings.ts'
import type { Mirror } from './mirror.ts'

/** Keeps `data-theme` of the page at what the settings and the system say; the last theme stands from the first paint. */
export function followTheme(mirror: Mirror): void {
  const light = window.matchMedia('(prefers-color-scheme: light)')
  const apply = () => {
    const wish = mirror.get().settings?.theme ?? remembered()
    document.documentElement.dataset['theme'] = wish === 'system' ? (light.matches ? 'light' : 'dark') : wish
  }
  light.addEventListener('change', apply)
  mirror.subscribe(apply)
  apply()
}

function remembered(): AppSettings['theme'] {
  try {
    const theme = window.localStorage.getItem('theme')
    return theme === 'dark' || theme === 'light' ? theme : 'system'
  } catch {
    return 'system'
  }
}
