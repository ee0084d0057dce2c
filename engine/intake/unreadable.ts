import type { Refusal } from './sniff.ts'

/** The refusal for a file that the system does not let us read. */
export function unreadable(code: string): Refusal {
  const denied = code === 'EACCES' || code === 'EPERM'
  return {
    code: 'file/unreadable',
    what: denied ? 'No permission to read it.' : `The system could not read it (${code}).`,
    remedy: denied ? 'Give yourself read permission, then check again.' : 'See whether the disk or card is still there, then check again.',
  }
}
