const mac = typeof navigator !== 'undefined' && /Mac/.test(navigator.userAgent)

/** A shortcut as this machine writes it. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <kbd className="kbd" aria-hidden>
      {mac ? keys.replace('Ctrl', '⌘') : keys}
    </kbd>
  )
}
