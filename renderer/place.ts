/** Where the user is: one value, written as the address' hash. */
export type Place =
  | { readonly room: 'new' }
  | { readonly room: 'capture'; readonly captureId: string }
  | { readonly room: 'run'; readonly captureId: string; readonly runId: string | null }
  | { readonly room: 'scene'; readonly captureId: string | null; readonly runId: string | null; readonly path: string | null }
  | { readonly room: 'library' }
  | { readonly room: 'settings'; readonly section: string }
  | { readonly room: 'gallery' }

/** The hash of a place. */
export function hashOf(place: Place): string {
  switch (place.room) {
    case 'new':
      return '#/new'
    case 'capture':
      return `#/capture/${place.captureId}/photos`
    case 'run':
      return place.runId === null ? `#/capture/${place.captureId}/run` : `#/capture/${place.captureId}/run/${place.runId}`
    case 'scene':
      if (place.path !== null) return `#/scene?path=${encodeURIComponent(place.path)}`
      return place.runId === null ? `#/capture/${place.captureId}/scene` : `#/capture/${place.captureId}/scene/${place.runId}`
    case 'settings':
      return `#/settings/${place.section}`
    case 'library':
    case 'gallery':
      return `#/${place.room}`
  }
}

/** The place of a hash; anything that is no address is the library's neighbour: a new capture. */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [room, id, part, runId = null] = path.split('/')
  if (room === 'library') return { room }
  if (room === 'gallery') return { room }
  if (room === 'settings') return { room, section: id ?? 'general' }
  if (room === 'scene') return { room, captureId: null, runId: null, path: new URLSearchParams(query).get('path') }
  // An id that no capture can have is looked for all the same: the room then says that it is not here.
  if (room !== 'capture' || !id || !/^[\w-]{1,64}$/.test(id)) return { room: 'new' }
  if (part === 'run') return { room: 'run', captureId: id, runId }
  if (part === 'scene') return { room: 'scene', captureId: id, runId, path: null }
  return { room: 'capture', captureId: id }
}

/** The capture that a place belongs to, or null. */
export function captureOf(place: Place): string | null {
  return 'captureId' in place ? place.captureId : null
}
