import { safeStorage } from 'electron'
import { fileSecrets, type Lock, type SecretStore } from '../engine/secrets.ts'

/**
 * Secrets locked by the system: Keychain, DPAPI, or the desktop's secret service. Where Linux has none, Electron would lock with a key that
 * everybody knows; then it is a file that only this user can read, and the screen says so.
 */
export function keychain(home: string): SecretStore {
  const system: Lock = {
    keptBy: 'system',
    close: (text) => safeStorage.encryptString(text),
    open: (bytes) => safeStorage.decryptString(bytes),
  }
  const locked = fileSecrets(home, () => system)
  const plain = fileSecrets(home)
  const store = (): SecretStore => (isLocked() ? locked : plain)
  return {
    keptBy: () => store().keptBy(),
    get: (name) => store().get(name),
    set: (name, value) => store().set(name, value),
    remove: (name) => store().remove(name),
  }
}

function isLocked(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
}
