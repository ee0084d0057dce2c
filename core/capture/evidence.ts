import type { Photo } from './photo.ts'
import type { Print } from './print.ts'

/** A photo and what only the checks need of it. */
export type Evidence = { readonly photo: Photo; readonly print: Print }
