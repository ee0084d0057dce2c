import { problem } from '../../core/problem.ts'
import type { HostBridge } from '../bridge.ts'

/** A bridge that answers nothing: what stands in the gallery is drawn from fixtures, and its buttons do nothing. */
export const silentBridge: HostBridge = {
  kind: 'browser',
  call: () =>
    Promise.resolve({
      ok: false,
      problem: problem('gallery/silent', 'This is the gallery: nothing happens here.', 'Open a capture instead.'),
    }),
  subscribe: () => () => undefined,
  artefactUrl: () =>
    `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><rect width="320" height="180" fill="#3d4a3a"/><path d="M-10 150 Q120 90 330 20" stroke="#8f8a80" stroke-width="26" fill="none"/></svg>')}`,
  takeDrop: () =>
    Promise.resolve({ problem: problem('gallery/silent', 'This is the gallery: nothing happens here.', 'Open a capture instead.') }),
}
